"""Names that are hard to print, files that are none, folders without an end."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from padlint import arguments
from padlint.cli import main
from padlint.files import Files
from padlint.reading import MAX_BYTES
from padlint.report import formats
from tests.cli.conftest import Padlint, contents

BAD = "from torch import nn\n\nnet = nn.Sequential(nn.ReLU(), nn.MaxPool2d(3, padding=2))\n"
FIXED = BAD.replace("padding=2", "padding=1")
NOBODY = 65534


def run(*words: str, cwd: Path, **more: object) -> subprocess.CompletedProcess[str]:
    """As a process of its own, which may not take long."""
    command = [sys.executable, "-m", "padlint", *words]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=600, **more)  # type: ignore[call-overload,no-any-return]


# ---------------------------------------------------------------- what is no file


@pytest.fixture
def strange(folder: Path) -> Path:
    (folder / "bad.py").write_text(BAD)
    os.mkfifo(folder / "pipe.py")
    (folder / "zero.py").symlink_to("/dev/zero")
    (folder / "terminal.py").symlink_to("/dev/tty")
    (folder / "circle").symlink_to(".")
    (folder / "self.py").symlink_to("self.py")
    return folder


@pytest.mark.parametrize(
    ("command", "name"),
    [
        *(("check", name) for name in ("pipe.py", "zero.py", "/dev/zero", "/dev/null", "circle/pipe.py")),
        *((command, "pipe.py") for command in ("check --fix", "shapes", "infer")),
    ],
)
def test_pipes_and_devices_are_refused_and_the_rest_is_done(strange: Path, command: str, name: str) -> None:
    done = run(*command.split(), name, "bad.py", cwd=strange)
    assert done.returncode == 2
    assert f"padlint: {name}: not a regular file" in done.stderr.splitlines()
    assert "bad.py" in done.stdout or command == "infer"


def test_a_folder_of_pipes_devices_and_circles_is_walked_once(strange: Path) -> None:
    done = run("check", "--quiet", "--output-format", "concise", ".", cwd=strange)
    assert (done.returncode, done.stderr) == (1, "")
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == ["bad.py"]


@pytest.mark.parametrize(
    "name", ["pyproject.toml", "padlint.toml", ".gitignore", "nn/__init__.py", "helper.py", "setup.py"]
)
def test_a_pipe_in_the_place_of_a_file_that_is_looked_for_is_passed_over(folder: Path, name: str) -> None:
    (folder / "bad.py").write_text("import helper, nn.x\n" + BAD)
    (folder / "nn").mkdir()
    os.mkfifo(folder / name)
    done = run("check", "--quiet", "--output-format", "concise", ".", cwd=folder)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("bad.py:4:")


@pytest.mark.parametrize("option", ["--config", "--baseline"])
def test_an_option_that_names_a_pipe_is_refused(strange: Path, option: str) -> None:
    done = run("check", option, "pipe.py", "bad.py", cwd=strange)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "padlint: pipe.py: not a regular file\n")


@pytest.mark.parametrize("command", ["check", "shapes"])
def test_a_file_that_is_too_large_is_not_analysed(folder: Path, command: str) -> None:
    """It is all holes: only who reads it pays for it."""
    (folder / "bad.py").write_text(BAD)
    with (folder / "large.py").open("wb") as file:
        file.truncate(10**12)
    done = run(command, ".", cwd=folder)
    assert done.returncode == (1 if command == "check" else 0)
    assert f"padlint: large.py:1: not analysed: the file is larger than {MAX_BYTES // 10**6} MB" in done.stderr
    assert "bad.py:3" in done.stdout


# ---------------------------------------------------------------- what is gone, closed, or far away


@pytest.fixture
def open_folder(capfd: pytest.CaptureFixture[str]) -> Iterator[Path]:
    """A folder that nobody, too, can reach, with a file that is wrong; everything is imported by now."""
    here = os.getcwd()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name).resolve()
        home.chmod(0o777)
        (home / "bad.py").write_text(BAD)
        os.chdir(home)
        assert main(["check", "--output-format", "concise", "."]) == 1
        assert main(["check", "--fix", "--unsafe-fixes", "bad.py"]) == 0
        (home / "bad.py").write_text(BAD)
        (home / "bad.py").chmod(0o666)
        capfd.readouterr()
        yield home
        os.chdir(here)


def as_nobody(*words: str) -> int:
    """The exit code of one command line, not as root, whom no mode stops."""
    child = os.fork()
    if child == 0:
        code = 99
        try:
            if os.geteuid() == 0:
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            code = main(words)
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_closed_folders_and_files_are_said_and_the_rest_is_done(
    open_folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (open_folder / "closed").mkdir()
    (open_folder / "secret.py").write_text(BAD)
    (open_folder / "closed").chmod(0)
    (open_folder / "secret.py").chmod(0)
    code = as_nobody("check", "--quiet", "--output-format", "concise", ".")
    said = capfd.readouterr()
    assert code == 2
    assert sorted(said.err.splitlines()) == [
        "padlint: closed: Permission denied",
        "padlint: secret.py: Permission denied",
    ]
    assert said.out.startswith("bad.py:3:")


def test_a_folder_that_cannot_be_written_leaves_its_files_as_they_are(
    open_folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    open_folder.chmod(0o555)
    before = contents(open_folder)
    code = as_nobody("check", "--quiet", "--fix", "--unsafe-fixes", "bad.py")
    assert (code, capfd.readouterr().err) == (2, "padlint: bad.py: not fixed: Permission denied\n")
    assert contents(open_folder) == before


def test_a_file_that_vanishes_between_listing_and_reading(
    padlint: Padlint,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (folder / "bad.py").write_text(BAD)
    (folder / "gone.py").write_text(BAD)
    listed: Callable[..., Files] = arguments.discover

    def vanishing(*words: object) -> Files:
        found = listed(*words)
        (folder / "gone.py").unlink()
        return found

    monkeypatch.setattr(arguments, "discover", vanishing)
    done = padlint("check", "--quiet", "--output-format", "concise", ".")
    assert (done.code, done.err) == (2, "padlint: gone.py: No such file or directory\n")
    assert done.out.startswith("bad.py:3:")


@pytest.mark.parametrize("words", [("check",), ("check", "x.py"), ("shapes", "."), ("check", "-")])
def test_a_working_folder_that_has_been_removed(tmp_path: Path, words: tuple[str, ...]) -> None:
    home = tmp_path / "home"
    home.mkdir()
    script = f"import os, sys; os.rmdir({str(home)!r}); sys.argv[1:] = {list(words)!r}\nfrom padlint.cli import entry; entry()"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=home, input="", capture_output=True, text=True, timeout=600
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "padlint: the current folder: No such file or directory\n"


@pytest.fixture
def deep(folder: Path) -> Iterator[tuple[Path, int]]:
    """1,900 folders in each other: a path that is almost as long as Linux takes one."""
    count = 1900
    here = os.open(folder, os.O_RDONLY)
    for _ in range(count):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    with open(os.open("bad.py", os.O_CREAT | os.O_WRONLY, dir_fd=here), "w") as file:
        file.write(BAD)
    os.close(here)
    yield folder, count
    subprocess.run(["rm", "-rf", str(folder / "d")], check=True)


def test_deep_folders_are_walked(deep: tuple[Path, int]) -> None:
    home, count = deep
    done = run("check", "--quiet", "--output-format", "concise", ".", cwd=home)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("d/" * count + "bad.py:3:")


@pytest.mark.parametrize(
    ("name", "said"), [("x" * 300 + ".py", "File name too long"), ("d/" * 5000, "File name too long")]
)
def test_a_path_that_is_too_long(folder: Path, name: str, said: str) -> None:
    done = run("check", "--quiet", name, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"padlint: {os.path.normpath(name)}: {said}\n"


# ---------------------------------------------------------------- names


NAMES = {
    "a space": b"a b.py",
    "a line break": b"a\nb.py",
    "a carriage return": b"a\rb.py",
    "a tab": b"a\tb.py",
    "an escape sequence": b"a\x1b[2Jb.py",
    "a bell and a backspace": b"a\x07\x08b.py",
    "letters of Unicode": "модель_模型.py".encode(),
    "an emoji": "\N{PILE OF POO}.py".encode(),
    "right to left": "a\u202eb.py".encode(),
    "no UTF-8": b"a\xff\xfeb.py",
    "half a surrogate": b"a\xed\xa0\x80b.py",
    "quotes": b"a\"'`b.py",
    "markup": b"<b>&amp;]]>.py",
    "commands of GitHub": b"::error file=x,line=1::y%0A.py",
    "percent signs": b"100%25.py",
    "colons": b"a:1:2: b.py",
    "a backslash": b"a\\b.py",
    "a dash first": b"-a.py",
    "braces": b"{0.__class__}.py",
    "variables of a shell": b"$HOME;ls `ls`.py",
}
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("format", formats.names())
def test_a_name_cannot_break_an_output(padlint: Padlint, folder: Path, name: bytes, format: str) -> None:
    """One finding, in a file of this name, in a folder that cannot be taken for an option."""
    path = os.fsencode(folder) + b"/" + name
    with open(path, "w") as file:
        file.write(BAD)
    done = padlint("check", "--quiet", "--output-format", format, ".")
    assert (done.code, done.err) == (1, "")
    assert not CONTROL.search(done.out)
    assert READERS.get(format, lines)(done.out) in (os.fsdecode(name), None)


def lines(text: str) -> None:
    """One line for people or for GitHub; `full` has more of them, of which one has the place."""
    assert sum("PAD103" in line for line in text.splitlines()) == 1


def uri(text: str) -> str:
    return os.fsdecode(unquote(urlsplit(text).path, errors="surrogateescape"))


READERS: dict[str, Callable[[str], str | None]] = {
    "json": lambda text: json.loads(text)[0]["path"],
    "json-lines": lambda text: json.loads(text)["path"],
    "gitlab": lambda text: json.loads(text)[0]["location"]["path"],
    "rdjson": lambda text: json.loads(text)["diagnostics"][0]["location"]["path"],
    "sarif": lambda text: uri(
        json.loads(text)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    ),
    "junit": lambda text: ElementTree.fromstring(text) and None,
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_file_of_any_name_is_fixed(padlint: Padlint, folder: Path, name: bytes) -> None:
    path = os.fsencode(folder) + b"/" + name
    with open(path, "w") as file:
        file.write(BAD)
    done = padlint("check", "--quiet", "--fix", "--unsafe-fixes", os.fsdecode(path))
    assert (done.code, done.out, done.err) == (0, "", "")
    with open(path) as file:
        assert file.read() == FIXED


# ---------------------------------------------------------------- links


def test_a_link_out_of_the_given_folder_is_not_written_through(padlint: Padlint, folder: Path) -> None:
    (folder / "inside").mkdir()
    (folder / "outside.py").write_text(BAD)
    (folder / "inside" / "link.py").symlink_to("../outside.py")
    done = padlint("check", "--quiet", "--fix", "--unsafe-fixes", "inside")
    assert done.code == 2
    assert done.complaint.startswith("padlint: inside/link.py: not fixed: a link to ")
    assert (folder / "outside.py").read_text() == BAD


def test_a_link_that_was_named_is_written_through(padlint: Padlint, folder: Path) -> None:
    (folder / "inside").mkdir()
    (folder / "outside.py").write_text(BAD)
    (folder / "inside" / "link.py").symlink_to("../outside.py")
    done = padlint("check", "--quiet", "--fix", "--unsafe-fixes", "inside/link.py")
    assert (done.code, done.err) == (0, "")
    assert (folder / "outside.py").read_text() == FIXED
    assert (folder / "inside" / "link.py").is_symlink()


def test_a_link_within_the_given_folder_is_written_through(padlint: Padlint, folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "real.py").write_text(BAD)
    (folder / "link.py").symlink_to("sub/real.py")
    done = padlint("check", "--quiet", "--fix", "--unsafe-fixes", ".")
    assert (done.code, done.err) == (0, "")
    assert (folder / "sub" / "real.py").read_text() == FIXED


def test_a_file_with_several_names_keeps_them(padlint: Padlint, folder: Path) -> None:
    """A new file in its place would leave the other name with the old text."""
    (folder / "one.py").write_text(BAD)
    os.link(folder / "one.py", folder / "two.txt")
    done = padlint("check", "--quiet", "--fix", "--unsafe-fixes", "one.py")
    assert done.code == 2
    assert done.complaint == "padlint: one.py: not fixed: it has 2 names (hard links)"
    assert (folder / "one.py").read_text() == (folder / "two.txt").read_text() == BAD
