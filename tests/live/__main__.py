"""`python -m tests.live editor|watch FIRST COUNT`: random sessions with these seeds; prints where something that stays open
does not say what a new command says, and ends with 1 then."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.live import editor, watch


async def _edited(seed: int, rounds: int, root: Path) -> list[str]:
    return [each async for each in editor.differences(seed, rounds, root)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.live", description=__doc__)
    parser.add_argument("what", choices=("editor", "watch"))
    parser.add_argument("first", type=int, help="the first seed")
    parser.add_argument("count", type=int, help="how many sessions")
    parser.add_argument("--rounds", type=int, default=15, help="comparisons of each (default: %(default)s)")
    arguments = parser.parse_args()
    wrong = 0
    for seed in range(arguments.first, arguments.first + arguments.count):
        with TemporaryDirectory() as room:
            root = Path(room).resolve() / "project"
            root.mkdir()
            if arguments.what == "editor":
                found = asyncio.run(_edited(seed, arguments.rounds, root))
            else:
                found = list(watch.differences(seed, arguments.rounds, root))
        wrong += len(found)
        print(*found, sep="\n", end="\n" * bool(found), flush=True)
        print(f"seed {seed}: {wrong} differences so far", file=sys.stderr, flush=True)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
