"""`python -m tests.benchmarks`: padlint against its neighbours, on the same sources, in the same run.

Prints the tables that README shows. Sources and tools come from PyPI, each tool into an environment of its own; all of it is
kept in `--folder` for the next time.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.benchmarks import floor
from tests.benchmarks.corpus import LIBRARIES, grown, library, lines_in
from tests.benchmarks.measure import LIMIT, Measured, measured
from tests.benchmarks.tools import installed, padlint

QUIET = ("--quiet", "--isolated", "--exit-zero")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    home = Path(tempfile.gettempdir()) / "padlint-benchmarks"
    parser.add_argument(
        "--folder", type=Path, default=home, help="where sources and tools are kept (default: %(default)s)"
    )
    parser.add_argument("--library", choices=[*LIBRARIES], default="torchvision", help="(default: %(default)s)")
    parser.add_argument("--lines", type=int, nargs="*", default=[10_000, 30_000], help="sizes for growth")
    parser.add_argument(
        "--limit", type=float, default=LIMIT, help="seconds that one run may take (default: %(default)g)"
    )
    parser.add_argument("--alone", action="store_true", help="padlint only, without the others")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    script = padlint(arguments.folder)
    source = library(arguments.library, arguments.folder)
    print(f"{_machine()}\n")
    for line in report(script, source, arguments):
        print(line, flush=True)


def report(script: str, source: Path, arguments: argparse.Namespace) -> Iterator[str]:
    """The tables, line by line, as they are measured."""
    yield from _compared(script, source, arguments)
    yield ""
    yield from _one_file(script, source, arguments)
    if arguments.lines:
        yield ""
        yield from _growth(script, source, arguments)


def _machine() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text()
        model = next(line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name"))
    except (OSError, StopIteration):
        model = platform.processor() or platform.machine()
    load = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} CPUs ({model}), {platform.system()}, Python {platform.python_version()}{load}"


# ---------------------------------------------------------------- tables


def _compared(script: str, source: Path, arguments: argparse.Namespace) -> Iterator[str]:
    """Every tool on a whole library; ratios are to padlint in one process without a cache."""
    yield f"| {arguments.library}, {lines_in(source):,} lines | time | ratio | CPU | memory | ratio |"
    yield "|---|---|---|---|---|---|"
    base = measured([script, "check", *QUIET, "--no-cache", "--jobs", "1", "."], source, limit=arguments.limit)
    yield _row("padlint, one process", base, base)
    every = measured([script, "check", *QUIET, "--no-cache", "."], source, limit=arguments.limit)
    yield _row("padlint, all CPUs", every, base)
    yield _row("padlint, warm", _warm(script, [], source, arguments.limit), base)
    for tool, command in installed(arguments.folder) if not arguments.alone else ():
        if command is None:
            yield f"| {tool.name} | cannot be installed here | | | | |"
        else:
            yield _row(tool.name, measured([*command, "."], source, limit=arguments.limit), base)
    least = _floor(script, source)
    yield ""
    yield (
        f"LibCST alone, on the top-level statements that mention a Sequential: {least:.2f} s of CPU; "
        f"padlint's CPU in one process is {base.cpu / least:.0f} times that."
    )


def _one_file(script: str, source: Path, arguments: argparse.Namespace) -> Iterator[str]:
    """What one save costs."""
    python = str(Path(script).parent / "python")
    clean = arguments.folder / "one"
    clean.mkdir(exist_ok=True)
    (clean / "clean.py").write_text("from torch import nn\n\nnet = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())\n")
    (clean / "unrelated.py").write_text("print('nothing to do with layers')\n")
    model = next(source.rglob("models/alexnet.py"), None) or next(source.rglob("*.py"))
    base = measured([python, "-c", "pass"], clean, 20)
    yield "| one file | time | ratio to `python -c pass` |"
    yield "|---|---|---|"
    single = [
        ("`python -c pass`", base),
        ("`python -c 'import libcst'`", measured([python, "-c", "import libcst"], clean, 5)),
        (f"padlint, {model.name}, cold", measured([script, "check", *QUIET, "--no-cache", str(model)], clean, 5)),
        (f"padlint, {model.name}, warm", _warm(script, [str(model)], clean, arguments.limit)),
        ("padlint, a clean file, warm", _warm(script, ["clean.py"], clean, arguments.limit)),
        ("padlint, an unrelated file, warm", _warm(script, ["unrelated.py"], clean, arguments.limit)),
    ]
    for name, found in single:
        yield f"| {name} | {found.wall * 1000:.0f} ms | {found.wall / base.wall:.1f} |"


def _growth(script: str, source: Path, arguments: argparse.Namespace) -> Iterator[str]:
    """The same files again and again under new names."""
    yield "| lines | one process | ms a line | memory | all CPUs | warm |"
    yield "|---|---|---|---|---|---|"
    for lines in arguments.lines:
        home = grown(source, arguments.library, lines, arguments.folder)
        own = lines_in(home)
        one = measured([script, "check", *QUIET, "--no-cache", "--jobs", "1", "."], home, limit=arguments.limit)
        every = measured([script, "check", *QUIET, "--no-cache", "."], home, limit=arguments.limit)
        warm = _warm(script, [], home, arguments.limit)
        each = one.wall / own * 1000
        yield f"| {own:,} | {_time(one)} | {each:.2f} | {one.memory:.0f} MB | {_time(every)} | {_time(warm)} |"


def _warm(script: str, paths: Sequence[str], folder: Path, limit: float) -> Measured:
    command = [script, "check", *QUIET, *(paths or ["."])]
    first = measured(command, folder, limit=limit)
    return first if first.ended else measured(command, folder, 10, limit)


def _row(name: str, found: Measured, base: Measured) -> str:
    time, memory = f"{found.wall / base.wall:.3g}", f"{found.memory / base.memory:.2f}"
    return f"| {name} | {_time(found)} | {time} | {found.cpu:.2f} s | {found.memory:.0f} MB | {memory} |"


def _time(found: Measured) -> str:
    return f"ended after {found.wall:.0f} s" if found.ended else f"{found.wall:.2f} s"


def _floor(script: str, source: Path) -> float:
    python = str(Path(script).parent / "python")
    done = subprocess.run([python, floor.__file__, str(source)], capture_output=True, text=True, check=True)
    return float(done.stdout)


if __name__ == "__main__":
    main()
