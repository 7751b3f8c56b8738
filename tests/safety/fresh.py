"""Command lines in fresh processes that have imported everything already: forked from a small one, measured and limited.

Run as a script it is that small process: it reads requests from standard input, one a line, and answers each with a line.
"""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import IO


@dataclass(frozen=True)
class Ended:
    """What one command line did. `code` is negative where a signal ended it; `seconds` of processor time, `megabytes` at
    most."""

    code: int
    out: str
    err: str
    seconds: float
    megabytes: float


class Nursery:
    """The small process, from outside."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(
        self, folder: Path, *words: str, seconds: int = 120, budget: int | None = None, steps: int | None = None
    ) -> Ended:
        """Run `padlint WORDS` in a folder; ended by force after so many seconds of processor time. `budget`: the steps that a
        file is worth, `steps` those of one run of a root, where not as many as in earnest."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps([str(folder), words, seconds, budget, steps]) + "\n")
        self._process.stdin.flush()
        return Ended(**json.loads(self._process.stdout.readline()))


@contextmanager
def nursery() -> Iterator[Nursery]:
    command = [sys.executable, "-m", "tests.safety.fresh"]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Nursery(process)
        finally:
            process.kill()


# ---------------------------------------------------------------- inside


def _serve() -> None:
    _import_everything()
    for line in sys.stdin:
        folder, words, seconds, budget, steps = json.loads(line)
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            child = os.fork()
            if child == 0:
                _worth(budget, steps)
                _child(folder, words, seconds, out.fileno(), err.fileno())
            _, status, usage = os.wait4(child, 0)
            answer = {
                "code": os.waitstatus_to_exitcode(status),
                "out": _text(out),
                "err": _text(err),
                "seconds": usage.ru_utime + usage.ru_stime,
                "megabytes": usage.ru_maxrss / 1024,
            }
        print(json.dumps(answer), flush=True)


def _import_everything() -> None:
    """By a run that finds something."""
    from padlint.cli import main

    with tempfile.TemporaryDirectory() as folder:
        sample = Path(folder) / "sample.py"
        sample.write_text("from torch import nn\nnet = nn.Sequential(nn.ReLU(), nn.MaxPool2d(3, padding=2))\n")
        for command in ("check", "shapes"):
            with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
                main([command, "--no-cache", str(sample)])


def _worth(whole: int | None, steps: int | None) -> None:
    from padlint.evaluate import budget, machine, roots

    budget.BUDGET = whole or budget.BUDGET
    machine.STEPS = roots.STEPS = roots.WORK = steps or machine.STEPS


def _child(folder: str, words: list[str], seconds: int, out: int, err: int) -> None:
    import resource

    from padlint.cli import entry

    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    signal.alarm(100 * seconds)  # one that sleeps; the processor's time is limited above
    os.chdir(folder)
    os.dup2(out, 1)
    os.dup2(err, 2)
    sys.argv[1:] = words
    code = 99
    try:
        entry()
    except SystemExit as request:
        code = request.code if isinstance(request.code, int) else 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "surrogateescape")


if __name__ == "__main__":
    _serve()
