"""Generated projects of two to four files that know where they put what."""

from __future__ import annotations

import json
import posixpath
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.places.kinds import AROUND, BLOCKS, Block, Piece

MARK = re.compile(r"⟨([^;⟩]+)(?:;([^;⟩]*);([^⟩]*))?⟩")
NAME = re.compile(r"\$(\w+)")
HEAD = "import torch\nimport torch.nn.functional as F\nfrom jaxtyping import Float\nfrom torch import nn\n"
HOMES = (
    "helper.py",
    "pkg/layers.py",
    "pkg/sub/blocks.py",
    "pkg/net.py",
    "models/parts.py",
    "tools.py",
    "pkg/sub/__init__.py",
)
SPREAD = 60
"""Files have no line of code in common: a line of one that is looked for in another one is nothing there."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands at a place. `model` and `layer`: where it hangs; None where that is not asked."""

    what: str
    model: str | None
    layer: str | None
    path: str
    cell: int | None
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Project:
    """`texts` by path, as they are written; `program`: the caller, a notebook's cells one after the other.
    `known`: the sizes are numbers, the batch too."""

    title: str
    texts: dict[str, str]
    marks: tuple[Mark, ...]
    caller: str
    program: str
    declared: bool
    known: bool

    def write(self, folder: Path) -> None:
        for path, text in self.texts.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")

    def at(self, path: str, cell: int | None, line: int) -> list[Mark]:
        return [mark for mark in self.marks if (mark.path, mark.cell, mark.line) == (path, cell, line)]


def projects(count: int, seed: int) -> Iterator[Project]:
    """Every block comes once before any comes again, and so does what is around them."""
    chance = random.Random(seed)
    blocks: list[str] = []
    arounds: list[str] = []
    for _ in range(count):
        blocks = blocks or chance.sample([*BLOCKS], len(BLOCKS))
        name = blocks.pop()
        fitting = [each for each in AROUND if _fits(BLOCKS[name], each)]
        arounds = arounds if set(arounds) & set(fitting) else [*arounds, *chance.sample([*AROUND], len(AROUND))]
        around = next(each for each in arounds if each in fitting)
        arounds.remove(around)
        yield _project(name, around, chance)


def _fits(block: Block, around: str) -> bool:
    return (block.can_be_derived or around != "a subclass") and (block.inputs == 1 or around != "a Sequential")


def _project(name: str, around: str, chance: random.Random) -> Project:
    block = BLOCKS[name]
    outer, called, prefix = AROUND[around]
    if block.is_class and around != "a subclass":
        prefix = "block"
    source = (
        chance.choice(["zeros", "zeros", "zeros", "function", "main", "MNIST", "summary"])
        if block.inputs == 1
        else "zeros"
    )
    cin, side = (1, 28) if source == "MNIST" else (3, 32)
    use = Piece("", _use(source, called, block.inputs, cin, side))
    pieces = [*block.helpers, Piece("block", block.text), Piece(outer.name, outer.text.replace("{cin}", str(cin))), use]
    made = "⟨call:block⟩⟨block;;⟩" if block.is_class else "⟨call:block⟩"
    texts = [each.text.replace("⟨made⟩", made).replace("@", prefix) for each in pieces]
    placed = _placed([Piece(each.name, text) for each, text in zip(pieces, texts, strict=True)], chance)
    below = chance.choice(["", "", "work/"])
    files, marks, program = _written(placed, below, chance)
    if block.configured:
        home = next(_module(path) for path, own in placed.items() if any(each.name == "block" for each in own))
        files["pyproject.toml"] = f'[tool.padlint.models."{home}:block"]\n{block.configured}\n'
    title = f"{name}; {around}; {source}; {', '.join(placed)}"
    return Project(title, files, tuple(marks), below + [*placed][-1], program, block.declared, source != "MNIST")


def _use(source: str, called: str, inputs: int, cin: int, side: int) -> str:
    """What calls the model."""
    given = f"torch.zeros(2, {cin}, {side}, {side})"
    given += f", torch.zeros(2, 8, {side}, {side})" if inputs == 2 else ""
    if source == "function":
        return f"def work():\n    model = {called}\n    return ⟨use⟩model({given})\n\n\nwork()\n"
    if source == "main":
        return f'if __name__ == "__main__":\n    model = {called}\n    ⟨use⟩model({given})\n'
    if source == "summary":
        return f"from torchinfo import summary\n\nmodel = {called}\n⟨use⟩⟨summary⟩summary(model, (2, {cin}, {side}, {side}))\n"
    if source == "MNIST":
        return (
            "from torch.utils.data import DataLoader\nfrom torchvision.datasets import MNIST\n"
            "from torchvision.transforms import ToTensor\n\n"
            "images = ⟨MNIST⟩MNIST('data', transform=ToTensor())\nloader = DataLoader(images, batch_size=4)\n"
            f"model = {called}\nfor image, label in loader:\n    ⟨use⟩model(image)\n"
        )
    return f"model = {called}\n⟨use⟩model({given})\n"


# ---------------------------------------------------------------- files


def _placed(pieces: Sequence[Piece], chance: random.Random) -> dict[str, list[Piece]]:
    """The pieces by file, those of one file following one another; the caller is last."""
    count = chance.randint(2, min(4, len(pieces)))
    cuts = sorted(chance.sample(range(1, len(pieces)), count - 1))
    caller = chance.choice(["main.py", "main.py", "nb.ipynb"])
    names = [*chance.sample(HOMES, count - 1), caller]
    bounds = [0, *cuts, len(pieces)]
    return {name: list(pieces[bounds[i] : bounds[i + 1]]) for i, name in enumerate(names)}


def _written(
    placed: dict[str, list[Piece]], below: str, chance: random.Random
) -> tuple[dict[str, str], list[Mark], str]:
    files: dict[str, str] = {}
    marks: list[Mark] = []
    program = ""
    home = {piece.name: path for path, own in placed.items() for piece in own if piece.name}
    starts = chance.sample(range(len(placed)), len(placed))
    for (path, own), start in zip(placed.items(), starts, strict=True):
        for folder in _folders(path):
            files.setdefault(f"{below}{folder}/__init__.py", "")
        imports, texts = _linked(path, own, home, chance)
        first = chance.randint(5, 12) + SPREAD * start
        if path.endswith(".ipynb"):
            cells = [(HEAD + imports, 0), *((text, chance.randint(0, 20)) for text in texts)]
            files[below + path], found, program = _notebook([_filler(n, chance) + text for text, n in cells], chance)
        else:
            text = HEAD + imports + "\n" + _filler(first, chance) + "\n\n".join(texts)
            program, found = _unmarked(text, None)
            files[below + path] = program
        marks += [
            Mark(what, model, layer, below + path, cell, line, column)
            for what, model, layer, cell, line, column in found
        ]
    return files, marks, program


def _folders(path: str) -> Iterator[str]:
    parts = path.split("/")[:-1]
    return ("/".join(parts[: end + 1]) for end in range(len(parts)))


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _linked(path: str, own: Sequence[Piece], home: dict[str, str], chance: random.Random) -> tuple[str, list[str]]:
    """The imports of a file, and its texts with the names of others as they are then called."""
    imports: dict[str, str] = {}
    spelt: dict[str, str] = {}
    for name in dict.fromkeys(match[1] for piece in own for match in NAME.finditer(piece.text)):
        target = home[name]
        spelt[name] = name
        if target == path:
            continue
        style = chance.choice(["from", "module", "dotted", "relative", "renamed"])
        module = _module(target)
        if style == "relative" and "/" in path and target.split("/")[0] == path.split("/")[0]:
            imports[name] = f"from {_relative(path, target)} import {name}"
        elif style == "module":
            imports[name] = f"import {module} as of_{name}"
            spelt[name] = f"of_{name}.{name}"
        elif style == "dotted" and path != "pkg/sub/__init__.py":  # which does not exist yet while it is imported
            imports[name] = f"import {module}"
            spelt[name] = f"{module}.{name}"
        elif style == "renamed":
            imports[name] = f"from {module} import {name} as my_{name}"
            spelt[name] = f"my_{name}"
        else:
            imports[name] = f"from {module} import {name}"
    texts = [NAME.sub(lambda match: spelt[match[1]], piece.text) for piece in own]
    return "".join(f"{line}\n" for line in imports.values()), texts


def _relative(path: str, target: str) -> str:
    steps = posixpath.relpath(_module(target).replace(".", "/"), posixpath.dirname(path)).split("/")
    up = steps.count("..")
    return "." * (up + 1) + ".".join(step for step in steps if step not in ("..", "."))


def _filler(count: int, chance: random.Random) -> str:
    """This many lines that have nothing to do with anything."""
    lines: list[str] = []
    while len(lines) < count:
        lines.append(chance.choice(["", "# a comment", f"spare_{len(lines)} = {len(lines)}"]))
    return "".join(f"{line}\n" for line in lines)


Found = tuple[str, str | None, str | None, int | None, int, int]


def _unmarked(text: str, cell: int | None) -> tuple[str, list[Found]]:
    """A text without its marks, and where they were."""
    found: list[Found] = []
    while (match := MARK.search(text)) is not None:
        before = text[: match.start()]
        line, column = before.count("\n") + 1, match.start() - (before.rfind("\n") + 1) + 1
        found.append((match[1], match[2] or None, match[3] or None, cell, line, column))
        text = before + text[match.end() :]
    return text, found


def _notebook(texts: Sequence[str], chance: random.Random) -> tuple[str, list[Found], str]:
    """The JSON of a notebook with these code cells, and others between them; its marks; its code."""
    cells: list[dict[str, object]] = []
    marks: list[Found] = []
    program = ""
    for marked in texts:
        for _ in range(chance.randint(0, 3)):
            cells.append({"cell_type": "markdown", "metadata": {}, "source": ["# words\n", "and more"]})
        text, found = _unmarked(marked, len(cells) + 1)
        marks += found
        program += text
        made: dict[str, object] = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
        cells.append({**made, "source": text.splitlines(keepends=True)})
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1), marks, program
