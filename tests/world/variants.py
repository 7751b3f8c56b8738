"""One mistake, written in the many ways in which people write what stands around it, each with its right twin.

The pieces are in `surroundings.py`. Each is tried alone, and then all are drawn together; torch runs both twins, and only pairs of which the
wrong one raises and the right one does not are judged. `found`: padlint has a finding in the wrong one. LOST: it has none. ALARM: it
has one in the right one.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path
from textwrap import indent

from tests.world.asking import findings
from tests.world.levels import Judged, command
from tests.world.running import runner
from tests.world.surroundings import AROUND, BUGS, CALLS, DATA, DEVICES, EXTRAS, MODELS, NUMBERS, Bug

SIZE = 40
"""How many are drawn, besides each piece alone, in the tests."""
AXES: dict[str, list[str]] = {
    "number": list(NUMBERS),
    "model": list(MODELS),
    "data": list(DATA),
    "device": list(DEVICES),
    "extra": list(EXTRAS),
    "around": list(AROUND),
    "call": list(CALLS),
}
OPTIONS = "--ignore", "PAD002"
"""A declaration that was not judged is told, and nothing is found by it."""
Choice = dict[str, str]


def text(bug: Bug, chosen: Choice, wrong: bool) -> str:
    """The program that these pieces make."""
    before, spelt = NUMBERS[chosen["number"]]
    number = str(bug.wrong if wrong else bug.right)
    data, taking = DATA[chosen["data"]]
    about_net, about_x = DEVICES[chosen["device"]]
    step = about_x + CALLS[chosen["call"]]
    body = taking + (indent(step, "    ") if taking.endswith(":\n") else step)
    stood_in = AROUND[chosen["around"]]
    model = defined(bug, MODELS[chosen["model"]], spelt)
    head = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"
    start = head + _numbered(before, number) + _numbered(model, number)
    return (
        start
        + EXTRAS[chosen["extra"]]
        + about_net
        + data
        + put_in(stood_in, body, "def " in stood_in and taking.startswith("x = x "))
    )


def put_in(stood_in: str, body: str, shared: bool) -> str:
    """The lines in their place, indented as it is; a name that they read and bind in a function is said to be global."""
    before, _, after = stood_in.partition("BODY")
    margin = before[before.rfind("\n") + 1 :]
    lines = indent(("global x\n" if shared else "") + body, margin)
    return before[: len(before) - len(margin)] + lines + after.removeprefix("\n")


def defined(bug: Bug, model: str, number: str) -> str:
    layers = {name: layer.replace("{number}", number) for name, layer in bug.layers.items()}
    comments = {name: bug.comments.get(name, "") for name in layers}
    deep = " " * (12 if "ASSIGNED        def forward" in model else 8)
    by_name = {name: f"self.{name}" for name in layers}
    by_key = {name: f"self.layers['{name}']" for name in layers}
    pieces = {
        "ASSIGNED": "".join(f"{deep}self.{name} = {layer}{comments[name]}\n" for name, layer in layers.items()),
        "NAMED": "".join(f"{deep}    '{name}': {layer},{comments[name]}\n" for name, layer in layers.items()),
        "FORWARD": indent(bug.forward.format(**by_name), deep),
        "BY_KEY": indent(bug.forward.format(**by_key), deep),
    }
    for name, piece in pieces.items():
        model = model.replace(name, piece)
    return model


def _numbered(before: str, number: str) -> str:
    """The text with the number where N stands alone."""
    return re.sub(r"\bN\b", number, before)


def chosen(size: int, seed: int) -> dict[str, tuple[str, Choice]]:
    """By name, the bug and the pieces: each piece alone among plain ones, and then any with any."""
    plain = {axis: pieces[0] for axis, pieces in AXES.items()}
    bugs = list(BUGS)
    alone = [(axis, piece) for axis, pieces in AXES.items() for piece in pieces]
    listed = {}
    for place, (axis, piece) in enumerate(alone):
        bug = bugs[(place + place // len(bugs)) % len(bugs)]
        listed[f"{bug}, {axis}: {piece}"] = bug, plain | {axis: piece}
    draw = random.Random(seed)
    for number in range(size):
        picked = {axis: draw.choice(pieces) if draw.random() < 0.5 else pieces[0] for axis, pieces in AXES.items()}
        bug = draw.choice(bugs)
        shown = ", ".join(f"{axis}: {piece}" for axis, piece in picked.items() if piece != AXES[axis][0])
        listed[f"{number} {bug}, {shown}"] = bug, picked
    return listed


def judge(size: int = SIZE, seed: int = 0) -> Judged:
    listed = chosen(size, seed)
    counts: Counter[str] = Counter(variants=len(listed), judged=0, found=0, LOST=0, ALARM=0)
    wrong: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as temporary, runner() as torch:
        folder = Path(temporary).resolve()
        homes, raised = {}, {}
        for number, (name, (bug, pieces)) in enumerate(listed.items()):
            for twin in ("wrong", "right"):
                home = homes[name, twin] = f"v{number:05}_{twin}"
                (folder / home).mkdir()
                (folder / home / "main.py").write_text(text(BUGS[bug], pieces, twin == "wrong"), encoding="utf-8")
                raised[name, twin] = torch.run(folder / home).error
        found = findings(folder, list(homes.values()), *OPTIONS)
    for name in listed:
        for twin in ("wrong", "right"):
            for crash in (each for each in found[homes[name, twin]] if "crash" in each):
                wrong[f"CRASH {name}, {twin}"] = str(crash["why"])
        told = {twin: [each for each in found[homes[name, twin]] if "crash" not in each] for twin in ("wrong", "right")}
        if raised[name, "right"] is not None or raised[name, "wrong"] is None:
            wrong[f"UNFIT {name}"] = f"torch: {raised[name, 'wrong']} / {raised[name, 'right']}"
            continue
        counts["judged"] += 1
        counts["found"] += bool(told["wrong"])
        if not told["wrong"]:
            counts["LOST"] += 1
            wrong[f"LOST {name}"] = str(raised[name, "wrong"])[:100]
        if told["right"]:
            counts["ALARM"] += 1
            wrong[f"ALARM {name}"] = "; ".join(f"{each['code']} {each['message']}" for each in told["right"])
    return Judged(counts, wrong)


if __name__ == "__main__":
    sys.exit(command("variants", __doc__, judge, SIZE))
