"""Paths of both kinds, wherever padlint runs. The judges are `ntpath`, `pathlib` and what Windows' own documents say."""

from __future__ import annotations

import ntpath
import os
import posixpath
from pathlib import Path, PurePosixPath, PureWindowsPath
from urllib.parse import quote

import pytest

from padlint import paths
from padlint.paths import Flavour
from tests.cli.conftest import Padlint, folder, padlint

__all__ = ["folder", "padlint"]

FILES = (
    r"C:\models\net.py", r"c:\models\net.py", "C:/models/net.py", r"D:\a b\ü 100%#?;.py", r"\\server\share\pkg\net.py",
    r"\\?\C:\models\net.py", r"models\net.py", "net.py", "pkg/net.py", "/home/x/net.py", "odd:name.py", "C:net.py",
)  # fmt: skip
FLAVOURS = (ntpath, posixpath)


@pytest.mark.parametrize("flavour", FLAVOURS, ids=lambda each: each.__name__)
@pytest.mark.parametrize("path", FILES)
def test_a_path_and_what_stands_behind_it(path: str, flavour: Flavour) -> None:
    assert paths.divided(f"{path}:Net", flavour) == (path, "Net")
    assert paths.divided(f"{path}:PAD2,PAD301", flavour) == (path, "PAD2,PAD301")
    if path not in ("odd:name.py", "C:net.py"):
        assert paths.divided(path, flavour) == (path, "")


def test_a_drive_without_a_folder_is_one_on_windows() -> None:
    assert paths.divided("C:net.py", ntpath) == ("C:net.py", "")
    assert paths.divided("C:net.py", posixpath) == ("C", "net.py")
    assert paths.divided("C:build", ntpath) == ("C", "build")


@pytest.mark.parametrize("path", FILES)
def test_a_path_and_its_line(path: str) -> None:
    assert paths.located(f"{path}:41") == paths.located(f"{path}:41:5") == (path, None, 41)
    assert paths.located(f"{path}:cell 3:7") == (path, 3, 7)
    assert paths.located(path) is None


ABSOLUTE = (
    r"C:\models\net.py",
    r"d:\a b\ü 100%#?;.py",
    r"\\server\share\pkg\net.py",
    r"E:\net.py",
    r"C:\a+b\[x] {y}.py",
)


@pytest.mark.parametrize("path", ABSOLUTE)
def test_uris_of_windows_and_back(path: str) -> None:
    uri = paths.uri_of(path, ntpath)
    assert uri == PureWindowsPath(path).as_uri()
    assert PureWindowsPath(paths.path_of(uri, ntpath) or "") == PureWindowsPath(path)


@pytest.mark.parametrize(
    "path", ["/home/x/net.py", "/a b/ü 100%#?;.py", "/odd:name/x\\y.py", os.fsdecode(b"/caf\xe9.py")]
)
def test_uris_elsewhere_and_back(path: str) -> None:
    uri = paths.uri_of(path, posixpath)
    assert uri == PurePosixPath(path).as_uri()
    assert paths.path_of(uri, posixpath) == path


def test_what_editors_send() -> None:
    for uri in ("file:///c%3A/models/net.py", "file:///c:/models/net.py", "file:///C%3A/models/net.py"):
        assert paths.path_of(uri, ntpath) == r"C:\models\net.py"
    assert paths.path_of("file://localhost/c:/net.py", ntpath) == r"C:\net.py"
    assert paths.path_of("file://server/share/net.py", ntpath) == r"\\server\share\net.py"
    assert paths.path_of("file:///tmp/c%3A/net.py", posixpath) == "/tmp/c:/net.py"
    assert paths.path_of("untitled:Untitled-1", ntpath) is None and paths.path_of("git:/x/y.py", posixpath) is None


def test_a_long_path_is_named_by_its_short_form() -> None:
    assert paths.uri_of(r"\\?\C:\models\net.py", ntpath) == "file:///C:/models/net.py"
    assert paths.uri_of(r"\\?\UNC\server\share\net.py", ntpath) == "file://server/share/net.py"


def test_a_relative_reference_has_no_scheme() -> None:
    assert paths.reference("C:odd/a b.py") == quote("C:odd/a b.py") == "C%3Aodd/a%20b.py"


def test_what_is_seen_from_a_folder() -> None:
    assert paths.seen_from(r"c:\proj\pkg\net.py", "C:\\Proj", ntpath) == "pkg/net.py"
    assert paths.seen_from(r"C:\other\net.py", r"C:\proj", ntpath) == "../other/net.py"
    assert paths.seen_from(r"D:\other\net.py", r"C:\proj", ntpath) == "D:/other/net.py"
    assert paths.seen_from("/proj/pkg/x\\y.py", "/proj", posixpath) == "pkg/x\\y.py"
    assert paths.below(r"C:\proj\net.py", r"c:\proj", ntpath) == "net.py"
    assert paths.below(r"C:\other\net.py", r"C:\proj", ntpath) is paths.below(r"D:\net.py", r"C:\proj", ntpath) is None
    assert paths.below("/other/net.py", "/proj", posixpath) is None
    assert paths.below("/proj/..net.py", "/proj", posixpath) == "..net.py"


def test_two_spellings_of_one_path() -> None:
    assert paths.identity("c:/Models/NET.py", ntpath) == paths.identity(r"C:\models\net.py", ntpath)
    assert paths.identity("/a/B.py", posixpath) != paths.identity("/a/b.py", posixpath)


GLOBS = {
    r"models\*.py": "models/*.py",
    r"C:\proj\models\*.py": "/models/*.py",
    r"c:/proj/models/*.py": "/models/*.py",
    r"!models\net.py": "!models/net.py",
    r"D:\elsewhere\*.py": "D:/elsewhere/*.py",
    "*.py": "*.py",
    "models/": "models/",
    r"models\\"[:-1]: "models/",
}


@pytest.mark.parametrize("pattern", GLOBS)
def test_globs_of_windows(pattern: str) -> None:
    assert paths.glob(pattern, r"C:\proj", ntpath) == GLOBS[pattern]
    assert paths.glob(pattern, "/proj", posixpath) == pattern


# ---------------------------------------------------------------- on the command line

NET = "from torch import nn\n\nnet = nn.Conv2d(3, 8, 3, padding='sme')\n"


def test_options_take_a_drive_as_a_part_of_the_path(padlint: Padlint, folder: Path) -> None:
    """Here such a path is a file of a strange name in the current folder."""
    name = r"C:\models\net.py"
    (folder / name).write_text(NET, encoding="utf-8")
    assert padlint("check", "--quiet", "--output-format", "concise", name).out.startswith(rf"{name}:3:7: PAD102")
    assert padlint("explain", f"{name}:3").out.startswith(f"{name}:3:7  Conv2d")
    ported = padlint("port", r"D:\nowhere\net.py")
    assert (ported.code, ported.complaint) == (2, r"padlint: D:\nowhere\net.py: no such file")
    named = padlint("port", r"D:\nowhere\net.py:build")
    assert (named.code, named.complaint) == (2, r"padlint: D:\nowhere\net.py: no such file")
    without = padlint("check", "--per-file-ignores", r"C:\models\*.py", name)
    assert (without.code, without.complaint) == (2, r"padlint: --per-file-ignores C:\models\*.py: must be GLOB:RULES")
    padlint("check", "--quiet", "--output-format", r"sarif:C:\out.sarif", name)
    assert (folder / r"C:\out.sarif").exists()


def test_a_reference_behind_a_drive(padlint: Padlint, folder: Path) -> None:
    wrong = "from torch import nn\n\nnet = nn.Sequential(nn.Conv2d(3, 8, 3))  # padlint: keras=C:\\ref.py:model\n"
    (folder / "net.py").write_text(wrong, encoding="utf-8")
    done = padlint("check", "--quiet", "--output-format", "concise", "net.py")
    assert "PAD002" in done.out and r"C:\ref.py: no such file" in done.out


BY_FILE = """
[tool.padlint.models."pkg/net.py:Net"]
input = [3, 32, 32]
intent = "same"
"""
SAME = """\
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 5, padding=1)

    def forward(self, x):
        return self.conv(x)
"""


@pytest.mark.parametrize("key", ["pkg/net.py:Net", "pkg/*.py:*", "pkg.net:Net"])
def test_a_model_is_named_by_its_file_or_its_module(key: str, padlint: Padlint, folder: Path) -> None:
    (folder / "pkg").mkdir()
    (folder / "pkg" / "__init__.py").touch()
    (folder / "pkg" / "net.py").write_text(SAME, encoding="utf-8")
    (folder / "pyproject.toml").write_text(BY_FILE.replace("pkg/net.py:Net", key), encoding="utf-8")
    done = padlint("check", "--quiet", "--output-format", "concise")
    assert done.out.startswith("pkg/net.py:7:21: PAD201")


def test_a_path_is_told_with_the_backslashes_that_it_has(padlint: Padlint, folder: Path) -> None:
    done = padlint("explain", r"C:\models\net.py")
    assert done.complaint == r"padlint: 'C:\models\net.py' must be FILE:LINE, such as models.py:41"
