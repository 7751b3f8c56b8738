"""What stays open says at every moment what a new command would say: the language server and `--watch`, edited at random.

`python -m tests.live` plays longer.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.live import editor, watch

ROUNDS = 6


@pytest.mark.asyncio
@pytest.mark.parametrize("seed", range(1, 7))
async def test_the_language_server(tmp_path: Path, seed: int) -> None:
    assert [each async for each in editor.differences(seed, ROUNDS, tmp_path)] == []


@pytest.mark.parametrize("seed", range(1, 7))
def test_watch(tmp_path: Path, seed: int) -> None:
    assert list(watch.differences(seed, ROUNDS, tmp_path)) == []
