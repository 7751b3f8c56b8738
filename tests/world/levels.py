"""What the judges find is written down in `levels.json`, and may not get worse.

For each judge: how often each good verdict stands at least, and the name of everything that is known to be wrong. What is wrong
and not named is an error, and so is a name of something that is right by now: the list only gets shorter.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

LEVELS = Path(__file__).with_name("levels.json")


@dataclass(frozen=True)
class Judged:
    """How often each verdict was given, and what is wrong: what padlint says and what is true, by name."""

    counts: Counter[str]
    wrong: Mapping[str, str]

    def __str__(self) -> str:
        return ", ".join(f"{kind} {count}" for kind, count in self.counts.items())


def complaints(judge: str, judged: Judged) -> list[str]:
    """Where the level is not kept, a line each."""
    level = json.loads(LEVELS.read_text(encoding="utf-8"))[judge]
    known = set(level["wrong"])
    return [
        *(f"new: {name}: {why}" for name, why in judged.wrong.items() if name not in known),
        *(f"right by now, remove it from levels.json: {name}" for name in level["wrong"] if name not in judged.wrong),
        *(
            f"only {judged.counts[kind]} {kind}, {least} before"
            for kind, least in level["at_least"].items()
            if judged.counts[kind] < least
        ),
    ]


def record(judge: str, judged: Judged) -> None:
    """Write down what was found now; the good verdicts are those that the level has already."""
    levels = json.loads(LEVELS.read_text(encoding="utf-8")) if LEVELS.is_file() else {}
    kinds = levels.get(judge, {"at_least": judged.counts})["at_least"]
    levels[judge] = {"at_least": {kind: judged.counts[kind] for kind in kinds}, "wrong": sorted(judged.wrong)}
    LEVELS.write_text(json.dumps(dict(sorted(levels.items())), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def command(
    judge: str, doc: str | None, run: Callable[[int, int], Judged], size: int, words: list[str] | None = None
) -> int:
    """The command line of a judge: a run of any size, or the recorded one written down anew."""
    parser = argparse.ArgumentParser(prog=f"python -m tests.world.{judge}", description=doc)
    parser.add_argument("--size", default=str(size), help="how many, or `all` (default: %(default)s, as in the tests)")
    parser.add_argument("--seed", type=int, default=0, help="(default: 0, as in the tests)")
    parser.add_argument("--record", action="store_true", help="write the verdicts of the tests' run to levels.json")
    given = parser.parse_args(words)
    judged = run(10**9 if given.size == "all" else int(given.size), given.seed)
    for name, why in judged.wrong.items():
        print(f"{name}: {why}")
    print(f"{judge}: {judged}")
    if given.record and (given.size, given.seed) == (str(size), 0):
        record(judge, judged)
    return int(bool(judged.wrong))
