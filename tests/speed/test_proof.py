"""To prove fixes, only what they change is read again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from padlint.syntax.source import Source
from tests.speed.conftest import Padlint

WRONG = "from torch import nn\n\nnet = nn.Sequential(nn.ReLU(), nn.MaxPool2d(3, padding=2))\n"
RIGHT = "from torch import nn\n\n\ndef build(width):\n    return nn.Sequential(nn.Conv2d(3, width, 3))\n"


def test_what_no_fix_changes_is_parsed_once(padlint: Padlint, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        (folder / f"wrong{number}.py").write_text(WRONG)
        (folder / f"right{number}.py").write_text(RIGHT)
    parsed: Counter[tuple[str, int]] = Counter()
    parse = Source._parse

    def counted(source: Source, index: int) -> object:
        parsed[source.path, index] += 1
        return parse(source, index)

    monkeypatch.setattr(Source, "_parse", counted)
    _, out, _ = padlint("check", ".", "--no-cache", "--jobs", "1")
    assert out.count("padding=1") >= 4  # a fix for each, proved
    assert {count for (path, _), count in parsed.items() if path.startswith("right")} == {1}
