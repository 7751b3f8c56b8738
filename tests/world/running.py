"""torch as the judge of whole programs: each is run in a process of its own, forked from one that has imported torch.

Run as a script it is that process: it reads requests from standard input, one a line, and answers each with a line.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

SECONDS = 120
"""Of processor time; no program needs a hundredth of it."""
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ran:
    """What a program did: what it raised and on which line of its main file, what it printed, the Sequentials that it made, and the
    layers of torch that it called, in order, each with its shapes."""

    error: str | None
    line: int | None
    printed: str
    sequentials: list[dict[str, Any]]
    calls: list[list[Any]]


class Runner:
    """The process that runs programs, from outside."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, folder: Path, entry: str = "main.py", environment: Mapping[str, str] | None = None) -> Ran:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps([str(folder), entry, dict(environment or {})]) + "\n")
        self._process.stdin.flush()
        return Ran(**json.loads(self._process.stdout.readline()))


@contextmanager
def runner() -> Iterator[Runner]:
    command = [sys.executable, "-B", "-m", "tests.world.running"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Runner(process)
        finally:
            process.kill()


# ---------------------------------------------------------------- inside


class Recorder:
    """Writes down every Sequential that is made and every call of a module."""

    def __init__(self, folder: str) -> None:
        from torch import nn

        self._folder = folder
        self.made: list[tuple[str, int, Any]] = []
        self.calls: list[tuple[Any, Any, Any]] = []
        init, call = nn.Sequential.__init__, nn.Module.__call__

        def making(module: Any, *args: Any, **keywords: Any) -> None:
            init(module, *args, **keywords)
            if place := self._place():
                self.made.append((*place, module))

        def calling(module: Any, *args: Any, **keywords: Any) -> Any:
            result = call(module, *args, **keywords)
            self.calls.append((module, _shape(args[0]) if args else None, _shape(result)))
            return result

        nn.Sequential.__init__ = making  # type: ignore[method-assign,assignment]
        nn.Module.__call__ = calling  # type: ignore[method-assign]

    def _place(self) -> tuple[str, int] | None:
        """The innermost line of the program's own files that is being run."""
        frame = sys._getframe(2)
        while frame is not None and not frame.f_code.co_filename.startswith(self._folder):
            frame = frame.f_back  # type: ignore[assignment]
        return (os.path.relpath(frame.f_code.co_filename, self._folder), frame.f_lineno) if frame else None

    def sequentials(self) -> Iterator[dict[str, Any]]:
        """What each became, as plain data."""
        seen: dict[int, list[Any]] = {}
        for module, before, after in self.calls:
            seen.setdefault(id(module), []).append([before, after])
        for file, line, module in self.made:
            layers = [
                {
                    "name": name,
                    "types": [kind.__name__ for kind in type(child).__mro__[: 1 + hasattr(child, "parametrizations")]],
                    "params": _count(child, False),
                    "trainable": _count(child, True),
                    "calls": seen.get(id(child), []),
                }
                for name, child in module._modules.items()
            ]
            yield {"file": file, "line": line, "layers": layers, "calls": seen.get(id(module), [])}

    def leaves(self) -> list[list[Any]]:
        return [
            [type(module).__name__, before, after]
            for module, before, after in self.calls
            if type(module).__module__.startswith("torch.nn.modules") and not module._modules
        ]


def _shape(value: Any) -> Any:
    import torch

    if isinstance(value, torch.Tensor):
        return list(value.shape)
    return [_shape(each) for each in value] if isinstance(value, tuple | list) else None


def _count(module: Any, trainable: bool) -> int:
    from torch.nn.parameter import UninitializedTensorMixin

    known = [each for each in module.parameters() if not isinstance(each, UninitializedTensorMixin)]
    return sum(each.numel() for each in known if each.requires_grad or not trainable)


def _ran(folder: str, entry: str, out: IO[str]) -> dict[str, Any]:
    import runpy

    recorder = Recorder(folder + os.sep)
    error: BaseException | None = None
    try:
        runpy.run_path(os.path.join(folder, entry), run_name="__main__")
    except SystemExit as request:
        error = request if request.code else None
    except BaseException as raised:
        error = raised
    out.flush()
    out.seek(0)
    return {
        "error": None if error is None else f"{type(error).__name__}: {error}",
        "line": None if error is None else _line(error.__traceback__, os.path.join(folder, entry)),
        "printed": out.read(),
        "sequentials": list(recorder.sequentials()),
        "calls": recorder.leaves(),
    }


def _line(trace: TracebackType | None, path: str) -> int | None:
    line = None
    while trace is not None:
        line = trace.tb_lineno if trace.tb_frame.f_code.co_filename == path else line
        trace = trace.tb_next
    return line


def _child(folder: str, entry: str, environment: dict[str, str], answer: int) -> None:
    import resource
    import tempfile

    import torch

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    torch.manual_seed(0)
    os.chdir(folder)
    os.environ.update(environment)
    sys.path[0], sys.argv[:] = folder, [entry]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out, open(os.devnull) as sys.stdin:
        sys.stdout = sys.stderr = out
        ran = json.dumps(_ran(folder, entry, out))
    with open(answer, "w", encoding="utf-8") as pipe:
        pipe.write(ran)


def _serve() -> None:
    import warnings

    import torch
    import torch.utils.data

    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    torch.nn.Linear(1, 1)(torch.zeros(1, 1))
    for line in sys.stdin:
        folder, entry, environment = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                _child(folder, entry, environment, writing)
            finally:
                os._exit(0)
        os.close(writing)
        with open(reading, encoding="utf-8") as pipe:
            said = pipe.read()
        os.waitpid(child, 0)
        ended = {"error": "Ended: by force", "line": None, "printed": "", "sequentials": [], "calls": []}
        print(said or json.dumps(ended), flush=True)


if __name__ == "__main__":
    _serve()
