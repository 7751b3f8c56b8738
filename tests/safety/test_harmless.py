"""Linting runs nothing, imports nothing and loads nothing of what it is given, whatever lies there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.safety.poison import plant
from tests.safety.trap import MODULE, SCRIPT, STOPPED, Trap


@pytest.fixture
def trap(tmp_path: Path) -> Trap:
    made = Trap(tmp_path / "tree", tmp_path / "outside")
    made.tree.mkdir()
    made.outside.mkdir()
    plant(made.tree)
    return made


@pytest.mark.parametrize(
    ("program", "seen"),
    [
        ("import sys; sys.path.insert(0, ''); import net", "import of '"),
        ("import sys; sys.path.insert(0, ''); import json.decoder", "import of '"),
        ("exec('1')", "compile "),
        ("(lambda: (lambda: 1).__code__.replace(co_filename='x'))()", "code.__new__ "),
        ("eval('1')", "compile "),
        ("import code; code.compile_command('1')", "compile "),
        ("import ast; exec(compile(ast.parse('1'), 'x', 'exec'))", "compile "),
        ("import runpy; runpy.run_path('helper.py')", "import of '"),
        ("import os; os.system('true')", "os.system "),
        ("import subprocess; subprocess.run(['true'])", "subprocess.Popen "),
        ("import os; os.posix_spawn('/bin/true', ['true'], {})", "os.posix_spawn "),
        ("import os; os.fork()", "os.fork "),
        ("import socket; socket.socket()", "socket."),
        ("open('new', 'w')", "open for writing "),
        ("open('net.py', 'r+')", "open for writing "),
        ("import os; os.mkdir('new')", "os.mkdir "),
        ("import os; os.rename('net.py', '/tmp/net.py')", "os.rename "),
        ("import os; os.unlink('net.py')", "os.remove "),
        ("import pickle; pickle.loads(b'cbuiltins\\nprint\\n.')", "pickle.find_class "),
        ("import marshal; marshal.loads(b'N')", "marshal.loads "),
        ("import ctypes; ctypes.CDLL('x.so')", "ctypes.dlopen "),
    ],
)
def test_the_guard_sees_it(trap: Trap, program: str, seen: str) -> None:
    """Without this the tests below could not fail."""
    script = trap.outside / "program.py"
    script.write_text(program)
    done = trap.run(sys.executable, str(script))
    assert done.code == STOPPED
    assert len(done.seen) == 1
    assert done.seen[0].startswith(seen)


def test_the_mark_is_left_where_the_tree_runs(trap: Trap) -> None:
    done = subprocess.run([sys.executable, "helper.py"], cwd=trap.tree, env={"POISON_MARK": str(trap.outside / "mark")})
    assert done.returncode != STOPPED
    assert (trap.outside / "mark").exists()


COMMANDS: dict[str, tuple[str, ...]] = {
    "check a file": ("check", "net.py"),
    "check all": ("check", "."),
    "check all formats": ("check", ".", "--output-format", "sarif"),
    "check with an input": ("check", "--input", "3,32,32", "net.py"),
    "check against Keras": ("check", "--keras", "reference.py:model", "net.py"),
    "check with a configuration": ("check", "--config", "pyproject.toml", "net.py"),
    "diff": ("check", "--diff", "--unsafe-fixes", "net.py", "package"),
    "shapes": ("shapes", "."),
    "infer": ("infer", "."),
    "explain": ("explain", "net.py:58"),
    "port": ("port", "reference.py:model"),
    "rule": ("rule", "--all"),
    "solve": ("solve", "--input", "30", "--kernel", "3", "--same"),
    "completion": ("completion", "bash"),
}


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_nothing_of_the_tree_runs(trap: Trap, words: tuple[str, ...]) -> None:
    done = trap.run(*SCRIPT, *words, writable=[trap.tree / ".padlint_cache"])
    assert done.seen == ()
    assert done.code in (0, 1)


def test_it_was_looked_at_all_the_same(trap: Trap) -> None:
    """What is wrong in the poisoned model is found."""
    done = trap.run(
        *SCRIPT, "check", "--output-format", "concise", "--quiet", ".", writable=[trap.tree / ".padlint_cache"]
    )
    assert done.seen == ()
    found = {tuple(line.split(": ")[:2]) for line in done.out.splitlines()}
    codes = {(place.split(":")[0], what.split()[0]) for place, what in found}
    assert {
        ("net.py", "PAD201"),
        ("package/part.py", "PAD103"),
        ("coded.py", "PAD001"),
        ("dotted.py", "PAD001"),
    } <= codes


def test_standard_input_is_not_run(trap: Trap) -> None:
    done = trap.run(*SCRIPT, "check", "-", "--stdin-filename", "net.py", stdin=(trap.tree / "net.py").read_text())
    assert done.seen == ()
    assert done.code == 1


def test_fixing_writes_the_files_and_runs_nothing(trap: Trap) -> None:
    done = trap.run(*SCRIPT, "check", "--fix", "--unsafe-fixes", "net.py", "package", writable=[trap.tree])
    assert done.seen == ()
    assert "kernel_size=5, padding=2),  # padlint: same" in (trap.tree / "net.py").read_text()


def test_as_a_module_padlint_imports_nothing_of_the_working_folder(trap: Trap) -> None:
    """Less what `python -m` itself imports before padlint, for any module."""
    (trap.outside / "said.py").write_text("import sys; print(*sys.modules)")
    own = subprocess.run([sys.executable, "-m", "said"], cwd=trap.outside, capture_output=True, text=True, check=True)
    for name in own.stdout.split():
        (trap.tree / f"{name}.py").unlink(missing_ok=True)
    done = trap.run(*MODULE, "check", "net.py", writable=[trap.tree / ".padlint_cache"])
    assert done.seen == ()
    assert done.code == 1


SEVERAL = """\
import sys
from padlint import crew, hands
from padlint.cli import main
crew.WORTH, hands.FORKS = 1, {forks}
if __name__ == "__main__":
    sys.exit(main(["check", "--no-cache", "--jobs", "2", "."]))
"""


@pytest.mark.parametrize("forks", [True, False])
def test_the_processes_that_padlint_starts_run_nothing_of_the_tree(trap: Trap, forks: bool) -> None:
    """New ones, as on Windows and macOS, too. Those get what they must know as a pickle of padlint's own, so it is the
    mark that would tell."""
    script = trap.outside / "several.py"
    script.write_text(SEVERAL.format(forks=forks))
    if forks:
        done = trap.run(sys.executable, str(script))
        assert (done.seen, done.code) == ((), 1)
        return
    mark = trap.outside / "mark"
    environment = {**os.environ, "POISON_MARK": str(mark)}
    alone = subprocess.run([sys.executable, str(script)], cwd=trap.tree, env=environment, timeout=1800)
    assert alone.returncode == 1
    assert not mark.exists()


def test_a_poisoned_cache_is_not_run(trap: Trap) -> None:
    """Whatever padlint keeps is replaced by what would run if it were unpickled, unmarshalled, imported or evaluated."""
    command = (*SCRIPT, "check", "--output-format", "concise", "--quiet", ".")
    writable = [trap.tree / ".padlint_cache"]
    first = trap.run(*command, writable=writable)
    payloads = (trap.tree / "weights.pt").read_bytes(), (trap.tree / "helper.py").read_bytes()
    for payload in payloads:
        for path in (trap.tree / ".padlint_cache").rglob("*"):
            if path.is_file():
                path.write_bytes(payload)
        again = trap.run(*command, writable=writable)
        assert (again.seen, again.code, again.out) == ((), first.code, first.out)
