"""The same program, written otherwise, has to get the same findings.

Programs with a mistake, the cases of `tests/cases` and the drawn ones of `variants` and `programs`, are rewritten in the ways of
`rewriting.py` and `moving.py`, and a few of layout. Each result is run in torch: it is judged only if it calls the same layers with the same shapes and
ends as the first did. A finding is compared as its code and the statement that it stands on, wherever that has gone. CHANGED: a finding that
is lost, new, or elsewhere.
"""

from __future__ import annotations

import ast
import io
import json
import random
import re
import sys
import tempfile
import tokenize
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from tests.cases.test_cases import CASES, FOLDER
from tests.world import variants, writing
from tests.world.asking import findings
from tests.world.levels import Judged, command
from tests.world.moving import REWRITINGS
from tests.world.rewriting import Trees, origin
from tests.world.running import Ran, runner
from tests.world.surroundings import BUGS

SIZE = 5
"""How many programs each rewriting is tried on, in the tests."""
OPTIONS = "--ignore", "PAD002,PAD209,PAD307"
"""Findings that speak of how something is written, or of what was not judged."""
NEEDS_A_CALL = "linear"
"""The mistake that nobody can see who does not follow the call: every other program has it."""
Spot = tuple[str, int | None, int]
"""A file, a cell, a line."""


@dataclass(frozen=True)
class Written:
    """The files of a program, and the statement of the first program that each line comes from."""

    files: Mapping[str, bytes]
    origins: Mapping[Spot, int | None]
    entry: str = "main.py"


def statements(node: ast.AST) -> Iterator[ast.stmt]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        yield from statements(child)


def first(source: str) -> ast.Module:
    """The tree of a program, its statements numbered; `hint` keeps a comment that padlint reads."""
    tree = ast.parse(source)
    found = tokenize.generate_tokens(io.StringIO(source).readline)
    comments = {t.start[0]: t.string for t in found if t.type == tokenize.COMMENT and "padlint:" in t.string}
    for number, node in enumerate(statements(tree)):
        node.origin = number  # type: ignore[attr-defined]
        if not hasattr(node, "body") and node.lineno in comments:
            node.hint = comments[node.lineno]  # type: ignore[attr-defined]
    return tree


def text(tree: ast.Module) -> tuple[str, dict[int, int | None]]:
    """Source, and for each line its statement: the innermost that starts before it."""
    lines = ast.unparse(tree).splitlines()
    said = ast.parse("\n".join(lines))
    origins: dict[int, int | None] = {}
    for node, place in zip(statements(tree), statements(said), strict=True):
        for line in range(place.lineno, (place.end_lineno or place.lineno) + 1):
            origins[line] = origin(node)
        if hint := getattr(node, "hint", None):
            lines[(place.end_lineno or place.lineno) - 1] += f"  {hint}"
    return "\n".join(lines) + "\n", origins


def written(trees: Trees) -> Written:
    files, origins = {}, {}
    for path, tree in trees.items():
        source, lines = text(tree)
        files[path] = source.encode()
        origins |= {(path, None, line): number for line, number in lines.items()}
    return Written(files, origins)


# ---------------------------------------------------------------- layout


def _relaid(
    tree: ast.Module, change: Callable[[list[str]], list[tuple[str, int | None]]], ending: str = "\n"
) -> Written:
    """The program with other lines; each new line is given with the old line that it stands for."""
    source, origins = text(tree)
    lines = change(source.splitlines())
    new = {("main.py", None, at): origins.get(old or 0) for at, (_, old) in enumerate(lines, 1)}
    return Written({"main.py": "".join(line + ending for line, _ in lines).encode()}, new)


def carriage_returns(tree: ast.Module) -> Written:
    return _relaid(tree, lambda lines: [(line, at) for at, line in enumerate(lines, 1)], "\r\n")


def tabs(tree: ast.Module) -> Written | None:
    def tabbed(line: str) -> str:
        deep = len(line) - len(line.lstrip(" "))
        return "\t" * (deep // 4) + " " * (deep % 4) + line.lstrip(" ")

    plain = '"""' not in ast.unparse(tree)
    return _relaid(tree, lambda lines: [(tabbed(line), at) for at, line in enumerate(lines, 1)]) if plain else None


def remarks(tree: ast.Module) -> Written:
    def spaced(lines: list[str]) -> list[tuple[str, int | None]]:
        made: list[tuple[str, int | None]] = [("# -*- coding: utf-8 -*-", None), ("", None)]
        for at, line in enumerate(lines, 1):
            made += [(re.match(" *", line)[0] + "# what follows: größer", at), ("", at), (line + "   ", at)]  # type: ignore[index]
        return made

    return _relaid(tree, spaced)


def notebook(tree: ast.Module) -> Written:
    """A cell for each statement; the same as a script, for torch."""
    cells, origins = [], {}
    for number, node in enumerate(tree.body, 1):
        source, lines = text(ast.Module([node], []))
        cells.append(
            {
                "cell_type": "code",
                "metadata": {},
                "outputs": [],
                "execution_count": None,
                "source": source.splitlines(True),
            }
        )
        origins |= {("main.ipynb", number, line): said for line, said in lines.items()}
    book = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
    script = "\n".join("".join(map(str, cell["source"])) for cell in cells).encode()
    return Written({"main.ipynb": book, "script.txt": script}, origins, "script.txt")


def by_trees(rewriting: Callable[[ast.Module], Trees | None]) -> Callable[[ast.Module], Written | None]:
    def made(tree: ast.Module) -> Written | None:
        trees = rewriting(tree)
        return written(trees) if trees else None

    return made


WAYS: dict[str, Callable[[ast.Module], Written | None]] = {
    **{name: by_trees(each) for name, each in REWRITINGS.items()},
    "carriage returns": carriage_returns,
    "tabs": tabs,
    "remarks": remarks,
    "notebook": notebook,
}

# ---------------------------------------------------------------- the judge


def programs(seed: int) -> dict[str, str]:
    """The programs that are rewritten, by name."""
    listed = {}
    for case in CASES:
        if len(case.files) == 1:
            source = (FOLDER / "bad" / case.files[0]).read_text(encoding="utf-8")
            listed[f"case {case.id}"] = (
                f"{source}\nimport torch\nmade = {case.entry}()\nmade(torch.zeros({case.input_shape}))\n"
            )
    mistakes = variants.chosen(20, seed)
    for name in random.Random(seed).sample(list(mistakes), 30):
        bug, pieces = mistakes[name]
        bug = random.Random(name).choice((NEEDS_A_CALL, NEEDS_A_CALL, bug))
        shown = ", ".join(f"{axis}: {piece}" for axis, piece in pieces.items() if piece != variants.AXES[axis][0])
        listed[f"{bug}, {shown}"] = variants.text(BUGS[bug], pieces, wrong=True)
    for number in range(12):
        name, files = writing.program(number, seed)
        if len(files) == 1:
            listed[f"program {name}"] = files["main.py"]
    return listed


def place(folder: Path, home: str, made: Written) -> None:
    for path, content in made.files.items():
        (folder / home / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / home / path).write_bytes(content)


def keys(folder: Path, home: str, made: Written, found: Sequence[dict[str, Any]]) -> set[tuple[str, int | None]]:
    """Each finding as its code and the statement of the first program."""
    result = set()
    for each in found:
        path = str(Path(each["path"]).relative_to(folder / home))
        result.add((each["code"], made.origins.get((path, each["cell"], each["start"]["line"]))))
    return result


def same(one: Ran, other: Ran) -> bool:
    """Do they call the same layers with the same shapes, and end alike? Names may differ in what they raise."""
    kind = [each.error and re.sub(r"_other|Base|\bL(?=[A-Z])", "", each.error) for each in (one, other)]
    return kind[0] == kind[1] and one.calls == other.calls


def judge(size: int = SIZE, seed: int = 0) -> Judged:
    kinds = "programs", "with findings", "rewritten", "judged", "judged with findings", "same", "CHANGED"
    counts: Counter[str] = Counter(dict.fromkeys(kinds, 0))
    wrong: dict[str, str] = {}
    trees = {name: first(source) for name, source in programs(seed).items()}
    base = {name: written({"main.py": tree}) for name, tree in trees.items()}
    made: dict[tuple[str, str], Written] = {}
    for way, rewrite in WAYS.items():
        draw = random.Random(f"{seed} {way}")
        calls = [name for name in trees if name.startswith(NEEDS_A_CALL)]
        others = [name for name in trees if name not in calls]
        pairs = zip_longest(draw.sample(calls, len(calls)), draw.sample(others, len(others)))
        names = [name for pair in pairs for name in pair if name is not None]
        fitting = ((name, rewritten) for name in names if (rewritten := rewrite(trees[name])))
        made |= {(way, name): rewritten for (name, rewritten), _ in zip(fitting, range(size), strict=False)}
    with tempfile.TemporaryDirectory() as temporary, runner() as torch:
        folder = Path(temporary).resolve()
        needed = sorted({name for _, name in made})
        homes: dict[Any, str] = {key: f"m{number:05}" for number, key in enumerate([*needed, *made])}
        for key, home in homes.items():
            place(folder, home, made[key] if key in made else base[key])
        ran = {
            key: torch.run(folder / home, (made[key] if key in made else base[key]).entry)
            for key, home in homes.items()
        }
        judged = [*needed, *(key for key in made if same(ran[key], ran[key[1]]))]
        found = findings(folder, [homes[key] for key in judged], *OPTIONS)
        said = {}
        for key in judged:
            listed = found[homes[key]]
            for crash in (each for each in listed if "crash" in each):
                wrong[f"CRASH {key}"] = str(crash["why"])
            known = [each for each in listed if "crash" not in each]
            said[key] = keys(folder, homes[key], made[key] if key in made else base[key], known)
    counts.update(
        {"programs": len(needed), "with findings": sum(bool(said[name]) for name in needed), "rewritten": len(made)}
    )
    for key in judged[len(needed) :]:
        way, name = key
        counts["judged"] += 1
        counts["judged with findings"] += bool(said[name])
        if said[key] == said[name]:
            counts["same"] += 1
        else:
            counts["CHANGED"] += 1
            wrong[f"CHANGED {way}: {name}"] = (
                f"lost {sorted(said[name] - said[key], key=str)}, new {sorted(said[key] - said[name], key=str)}"
            )
    for way in WAYS:
        if not any(key[0] == way for key in judged[len(needed) :]):
            wrong[f"UNTRIED {way}"] = "torch runs none of its results as it ran the programs"
    return Judged(counts, wrong)


if __name__ == "__main__":
    sys.exit(command("metamorphic", __doc__, judge, SIZE))
