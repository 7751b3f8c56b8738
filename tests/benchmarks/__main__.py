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
from tests.benchmarks.measure import Measured, measured
from tests.benchmarks.tools import installed, padlint

QUIET = ("--quiet", "--isolated", "--exit-zero")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    home = Path(tempfile.gettempdir()) / "padlint-benchmarks"
    parser.add_argument(
        "--folder", type=Path, default=home, help="where sources and tools are kept (default: %(default)s)"
    )
    parser.add_argument("--library", choices=[*LIBRARIES], default="torchvision", help="(default: %(default)s)")
    parser.add_argument("--lines", type=int, nargs="*", default=[10_000, 30_000, 100_000], help="sizes for growth")
    parser.add_argument("--alone", action="store_true", help="padlint only, without the others")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    script = padlint(arguments.folder)
    source = library(arguments.library, arguments.folder)
    print(f"{_machine()}\n")
    for line in _compared(script, source, arguments):
        print(line, flush=True)
    print()
    for line in _one_file(script, source, arguments.folder):
        print(line, flush=True)
    print()
    for line in _growth(script, source, arguments):
        print(line, flush=True)


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
    base = measured([script, "check", *QUIET, "--no-cache", "--jobs", "1", "."], source)
    rows = (
        ("padlint, one process", base),
        ("padlint, all CPUs", measured([script, "check", *QUIET, "--no-cache", "."], source)),
        ("padlint, warm", _warm(script, [], source)),
    )
    for name, found in rows:
        yield _row(name, found, base)
    for tool, command in installed(arguments.folder) if not arguments.alone else ():
        yield (
            _row(tool.name, measured([*command, "."], source), base)
            if command
            else f"| {tool.name} | not installable |"
        )
    least = _floor(script, source)
    yield f"\nLibCST alone, on the top-level statements that mention a Sequential: {least:.2f} s of CPU; padlint's CPU is "
    yield f"{base.cpu / least:.1f} times that."


def _one_file(script: str, source: Path, folder: Path) -> Iterator[str]:
    """What one save costs."""
    python = str(Path(script).parent / "python")
    clean = folder / "one"
    clean.mkdir(exist_ok=True)
    (clean / "clean.py").write_text("from torch import nn\n\nnet = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())\n")
    (clean / "unrelated.py").write_text("print('nothing to do with layers')\n")
    model = next(source.rglob("models/alexnet.py"), None) or next(source.rglob("*.py"))
    base = measured([python, "-c", "pass"], clean, 9)
    yield "| one file | time | ratio to `python -c pass` |"
    yield "|---|---|---|"
    single = [
        ("`python -c pass`", base),
        ("`python -c 'import libcst'`", measured([python, "-c", "import libcst"], clean, 5)),
        (f"padlint, {model.name}, cold", measured([script, "check", *QUIET, "--no-cache", str(model)], clean, 5)),
        (f"padlint, {model.name}, warm", _warm(script, [str(model)], clean)),
        ("padlint, a clean file, warm", _warm(script, ["clean.py"], clean)),
        ("padlint, an unrelated file, warm", _warm(script, ["unrelated.py"], clean)),
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
        one = measured([script, "check", *QUIET, "--no-cache", "--jobs", "1", "."], home)
        every = measured([script, "check", *QUIET, "--no-cache", "."], home)
        warm = _warm(script, [], home)
        each = one.wall / own * 1000
        yield f"| {own:,} | {one.wall:.1f} s | {each:.2f} | {one.memory:.0f} MB | {every.wall:.1f} s | {warm.wall:.2f} s |"


def _warm(script: str, paths: Sequence[str], folder: Path) -> Measured:
    command = [script, "check", *QUIET, *(paths or ["."])]
    measured(command, folder)
    return measured(command, folder, 5)


def _row(name: str, found: Measured, base: Measured) -> str:
    time, memory = found.wall / base.wall, found.memory / base.memory
    return f"| {name} | {found.wall:.2f} s | {time:.2f} | {found.cpu:.2f} s | {found.memory:.0f} MB | {memory:.2f} |"


def _floor(script: str, source: Path) -> float:
    python = str(Path(script).parent / "python")
    done = subprocess.run([python, floor.__file__, str(source)], capture_output=True, text=True, check=True)
    return float(done.stdout)


if __name__ == "__main__":
    main()
