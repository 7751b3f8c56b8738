"""What the judges of the world find may not get worse than `levels.json` says, and what got right is struck out there."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.world import levels, metamorphic, opinfo, programs, semantics, variants
from tests.world.levels import Judged, complaints

JUDGES: dict[str, Callable[[], Judged]] = {
    "metamorphic": metamorphic.judge,
    "opinfo": opinfo.judge,
    "programs": programs.judge,
    "semantics": semantics.judge,
    "variants": variants.judge,
}


@pytest.mark.parametrize("name", JUDGES)
def test_the_level_is_kept(name: str) -> None:
    """`python -m tests.world.NAME` shows the same; `--record` writes it down, after a look at what changed."""
    lines = complaints(name, JUDGES[name]())
    assert not lines, "\n".join(lines)


def test_every_judge_has_a_level_that_asks_for_enough() -> None:
    """A judge that finds nothing to judge is not content."""
    known = json.loads(levels.LEVELS.read_text(encoding="utf-8"))
    assert set(known) == set(JUDGES)
    for name, level in known.items():
        assert min(level["at_least"].values()) > 0
        assert len(complaints(name, Judged(Counter(), {}))) == len(level["at_least"]) + len(level["wrong"])


def test_what_is_new_what_is_right_by_now_and_what_is_less(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levels, "LEVELS", tmp_path / "levels.json")
    level = {"any": {"at_least": {"agree": 5}, "wrong": ["WRONG one", "WRONG two"]}}
    levels.LEVELS.write_text(json.dumps(level))
    assert complaints("any", Judged(Counter(agree=6), {"WRONG one": "", "WRONG two": ""})) == []
    exchanged = Judged(Counter(agree=4), {"WRONG one": "", "WRONG three": "3, really 4"})
    assert complaints("any", exchanged) == [
        "new: WRONG three: 3, really 4",
        "right by now, remove it from levels.json: WRONG two",
        "only 4 agree, 5 before",
    ]
    levels.record("any", exchanged)
    assert complaints("any", exchanged) == []
