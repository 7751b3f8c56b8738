"""What padlint says of whole programs against what happens when they are run.

Written by hand (`whole.py`) and drawn (`writing.py`); each is run in torch, and every Sequential compared with `padlint shapes` and
`padlint check`. WRONG: a list of layers that is said to be complete, a type, parameters or a size that running contradicts. ALARM: a
finding in a program that runs to its end. `found`: findings in programs that torch refuses, at or before the line that raises.
`confirmed`: layers of complete lists, each with its type and parameters, as they turned out to be.
"""

from __future__ import annotations

import ast
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.world.asking import findings, shapes
from tests.world.levels import Judged, command
from tests.world.running import Ran, runner
from tests.world.whole import WHOLE
from tests.world.writing import Files, program

SIZE = 70
"""How many programs are drawn, in the tests."""
HEADER = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n"


def programs(size: int, seed: int) -> dict[str, Files]:
    by_hand = {name: {"main.py": HEADER + text.lstrip("\n")} for name, text in WHOLE.items()}
    return by_hand | dict(program(number, seed) for number in range(size))


def fits(said: Sequence[Any] | None, real: Sequence[int] | None) -> bool:
    """May this shape be the one that was seen? What is not said fits everything."""
    if said is None or real is None:
        return True
    return len(said) == len(real) and all(s == r for s, r in zip(said, real, strict=True) if isinstance(s, int))


def some_call_fits(said: dict[str, Any], before: str, after: str, calls: Sequence[Sequence[Any]]) -> bool:
    return not calls or any(fits(said[before], i) and fits(said[after], o) for i, o in calls)


def contradiction(said: dict[str, Any], real: dict[str, Any]) -> str | None:
    """Why what is said cannot be this Sequential."""
    if said["complete"] and [each["name"] for each in said["layers"]] != [each["name"] for each in real["layers"]]:
        return (
            f"children {[each['name'] for each in said['layers']]}, really {[each['name'] for each in real['layers']]}"
        )
    for claim, layer in zip(said["layers"], real["layers"], strict=True) if said["complete"] else ():
        if claim["type"] and claim["type"].split(".")[-1] not in layer["types"]:
            return f"{claim['name']} is a {claim['type']}, really {layer['types'][0]}"
        for what in ("params", "trainable"):
            if claim[what] is not None and claim[what] != layer[what]:
                return f"{claim['name']}: {what} {claim[what]}, really {layer[what]}"
        if not some_call_fits(claim, "in_shape", "out_shape", layer["calls"]):
            return f"{claim['name']}: {claim['in_shape']} -> {claim['out_shape']}, really {layer['calls'][:2]}"
    if not some_call_fits(said, "input_shape", "output_shape", real["calls"]):
        return f"{said['input_shape']} -> {said['output_shape']}, really {real['calls'][:2]}"
    return None


def compared(
    built: Iterable[dict[str, Any]], ran: Ran, free: Container[tuple[str, int]], counts: Counter[str]
) -> list[str]:
    """What running contradicts of what is said about a line: all of it, or, where no caller can choose anything else, any of it."""
    wrong, sites = [], defaultdict(list)
    for said in built:
        sites[Path(said["path"]).name, said["line"], said["end_line"]].append(said)
    for (file, first, last), entries in sites.items():
        made = [s for s in ran.sequentials if s["file"] == file and first <= s["line"] <= last]
        reasons = [[contradiction(said, each) for each in made] for said in entries]
        failed = [why[0] for why in reasons if why and None not in why]
        counts["compared"] += bool(made)
        if failed and (len(failed) == len(entries) or (file, first) not in free):
            wrong.append(f"{file}:{first} {failed[0]}")
        good = [said for said, why in zip(entries, reasons, strict=True) if None in why and said["complete"]]
        counts["confirmed"] += sum(
            bool(each["type"]) and each["params"] is not None for said in good for each in said["layers"]
        )
    return wrong


def free_lines(files: Files) -> set[tuple[str, int]]:
    """The lines within functions that take arguments."""
    functions = [
        (file, node)
        for file, text in files.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.Lambda)
    ]
    return {
        (file, line)
        for file, node in functions
        if [each.arg for each in (*node.args.args, *node.args.kwonlyargs, node.args.vararg) if each]
        not in ([], ["self"])
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }


def judge(size: int = SIZE, seed: int = 0) -> Judged:
    texts = programs(size, seed)
    kinds = "programs", "run to the end", "compared", "confirmed", "refused", "found", "WRONG", "ALARM"
    counts: Counter[str] = Counter(dict.fromkeys(kinds, 0))
    wrong: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as temporary, runner() as torch:
        folder = Path(temporary).resolve()
        homes = {name: f"p{number:05}" for number, name in enumerate(texts)}
        for name, files in texts.items():
            for file, text in files.items():
                path = folder / homes[name] / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
        ran = {name: torch.run(folder / home) for name, home in homes.items()}
        built, found = shapes(folder, list(homes.values())), findings(folder, list(homes.values()))
    for name, home in homes.items():
        counts["programs"] += 1
        counts["refused" if ran[name].error else "run to the end"] += 1
        for crash in (each for each in (*built[home], *found[home]) if "crash" in each):
            wrong[f"CRASH {name}"] = str(crash["why"])
        real = [each for each in found[home] if "crash" not in each]
        if real and ran[name].error:
            counts["found"] += 1
        elif real:
            wrong[f"ALARM {name}"] = "; ".join(
                f"{each['start']['line']}: {each['code']} {each['message']}" for each in real
            )
            counts["ALARM"] += 1
        entries = [each for each in built[home] if "crash" not in each]
        if why := compared(entries, ran[name], free_lines(texts[name]), counts):
            wrong[f"WRONG {name}"] = "; ".join(dict.fromkeys(why))
            counts["WRONG"] += 1
    return Judged(counts, wrong)


if __name__ == "__main__":
    sys.exit(command("programs", __doc__, judge, SIZE))
