"""README shows what `python -m tests.benchmarks` prints: the same tables with the same rows; the figures are a machine's."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as benchmarks
from tests.benchmarks.measure import Measured, measured
from tests.benchmarks.tools import TOOLS

README = Path(__file__).parents[2] / "README.md"
NUMBER = re.compile(r"\d[\d,.]*(e-?\d+)?")


def form(lines: Iterable[str]) -> list[str]:
    return [NUMBER.sub("#", line) for line in lines if line]


def test_readme_shows_the_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = README.read_text().partition("<!-- benchmarks -->\n")[2].partition("<!-- end -->")[0].splitlines()
    assert shown and re.fullmatch(r"\d+ CPUs? \(.+\), .+, Python [\d.]+, load [\d.]+ at the start", shown[0])
    sizes = [line for line in shown if re.match(r"\| [\d,]+ \|", line)]
    monkeypatch.setattr(benchmarks, "measured", lambda *words, **more: Measured(1.5, 1.5, 150.0))
    monkeypatch.setattr(benchmarks, "installed", lambda folder: [(tool, ("x",)) for tool in TOOLS])
    monkeypatch.setattr(benchmarks, "_floor", lambda script, source: 0.5)
    monkeypatch.setattr(benchmarks, "grown", lambda source, name, lines, folder: source)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "alexnet.py").write_text("import torch\n")
    arguments = argparse.Namespace(
        folder=tmp_path, library="torchvision", lines=[1] * len(sizes), limit=1.0, alone=False
    )
    assert form(shown[1:]) == form(benchmarks.report("padlint", tmp_path, arguments))


def test_a_run_that_does_not_end_is_ended(tmp_path: Path) -> None:
    found = measured([sys.executable, "-c", "while True: pass"], tmp_path, limit=0.5)
    assert found.ended and 0.5 <= found.wall < 10


def test_the_memory_of_a_run_is_measured(tmp_path: Path) -> None:
    """Before it begins, a process counts as large as the one that starts it."""
    found = measured([sys.executable, "-c", "x = b'x' * 300_000_000"], tmp_path)
    assert 300 < found.memory < 350
