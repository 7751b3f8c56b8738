"""Random sessions in an editor: what the language server has published of the open files after each of some edits, against
what the command line says of the same texts."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from pathlib import Path

from tests.editors.client import Editor, commanded, serving
from tests.speed.sessions import GUESTS, PROJECT, apply, begin, edit, number_changed, repairs

TYPING = ("number",) * 8 + ("mended", "opened") * 2 + ("edit",) * 4 + ("repairs", "broken", "closed")
SOURCES = tuple(name for name in (*PROJECT, *GUESTS) if name.endswith(".py"))


async def differences(seed: int, rounds: int, root: Path) -> AsyncIterator[str]:
    """Where a session goes wrong; nothing where it does not."""
    chance = random.Random(seed)
    begin(root)
    done: list[object] = []
    async with serving(root) as client:
        editor = Editor(client, root)
        for name in chance.sample(SOURCES, chance.randint(1, 8)):
            editor.type(name, _text(root, name))
        for _ in range(rounds):
            for _ in range(chance.choice([1, 1, 2, 6])):  # several at once are rapid ones
                done.append(_done(editor, chance))
            told, truth = await editor.told(), commanded(root, editor.texts)
            if told != truth:
                yield f"seed {seed}: {told} instead of {truth}, open: {sorted(editor.texts)}, after {done}"


def _text(root: Path, name: str) -> str:
    """What an editor shows when a file is opened that may not be there."""
    return (root / name).read_text() if (root / name).is_file() else PROJECT.get(name, GUESTS.get(name, ""))


def _done(editor: Editor, chance: random.Random) -> object:
    """Type, open or close something, or let something happen on disk; gives what was done."""
    kind, name = chance.choice(TYPING), chance.choice(list(editor.texts))
    if kind in ("edit", "repairs"):
        steps = [edit(editor.root, chance)] if kind == "edit" else repairs(editor.root)
        for step in steps:
            apply(editor.root, step)
            editor.changed(step[1])
        return steps
    if kind == "opened":
        name = chance.choice(SOURCES)
        if name not in editor.texts:
            editor.type(name, _text(editor.root, name))
    elif kind == "closed":
        if len(editor.texts) > 1:
            editor.close(name)
    else:
        text = editor.texts[name]
        texts = {
            "mended": PROJECT.get(name, text),
            "broken": f"{text}\nx = (\n",
            "number": number_changed(text, chance),
        }
        editor.type(name, texts[kind])
    return kind, name
