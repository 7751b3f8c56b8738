"""Every function and method that the evaluator knows, given what hurts: it ends soon, in little memory, and raises nothing.

Which arguments go together is drawn; HYPOTHESIS_PROFILE=long draws more of them, others each time.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from padlint.evaluate.registry import functions, methods
from padlint.evaluate.values import Builtin, Data, DictValue, ListValue, SetValue
from padlint.layers.base import Tensor
from tests.profiles import LONG
from tests.safety.fresh import Nursery, nursery

STEPS = 30_000
"""A tenth of what a run may take: so is the time."""
SECONDS = 1.0
"""Of processor time for one function at most, which runs to its bound; most take a thousandth of it."""
MEGABYTES = 300
TOGETHER = 20
TIMES = 12 if LONG else 1

BEFORE = """\
import collections, copy, dataclasses, functools, itertools, math, operator, re
import numpy
import torch
from torch import nn

LONG = list(range(9999))
WIDE = [LONG] * 9999
SHARED = [1]
for _ in range(40): SHARED = [SHARED, SHARED]
NESTED = (1,)
for _ in range(12): NESTED = (NESTED, NESTED)
TEXT = 'ab ' * 3000
TENSOR = torch.rand(3, 4, 5)
TENSORS = [TENSOR] * 9999
PAIRS = {i: i for i in range(9999)}
ITEMS = set(range(9999))
NUMBERS = torch.arange(4000)
MODULE = nn.Sequential(nn.ReLU())
for _ in range(30): MODULE = nn.Sequential(MODULE, MODULE)
ITSELF = []
ITSELF.append(ITSELF)
def call(*given): return LONG

"""
GIVEN = (
    "LONG", "WIDE", "SHARED", "NESTED", "TEXT", "TENSOR", "TENSORS", "PAIRS", "ITEMS", "NUMBERS", "MODULE", "ITSELF", "call",
    "10**9", "-10**9", "10**300", "(10**9,)", "[10**9] * 3", "1e308", "''", "None", "-1", "'(a+)+$'", "(LONG,)", "[TEXT] * 999",
    "[NESTED] * 999", "['ab'] * 9999", "range(10**9)", "zip(LONG, LONG)", "iter(LONG)", "slice(0, 10**9)", "{'a': SHARED}",
)  # fmt: skip
RECEIVERS: dict[object, tuple[str, ...]] = {
    ListValue: ("LONG", "WIDE", "SHARED", "ITSELF", "TENSORS"), DictValue: ("PAIRS",), SetValue: ("ITEMS",), str: ("TEXT",),
    tuple: ("NESTED", "(LONG,) * 9"), Tensor: ("TENSOR",), Data: ("NUMBERS",),
}  # fmt: skip
HOMES = (
    "builtins",
    "collections",
    "copy",
    "dataclasses",
    "functools",
    "itertools",
    "math",
    "numpy",
    "operator",
    "re",
    "torch",
)
OPERATORS = ("+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^", "@", "==", "<", "in")


def expressions(chance: random.Random) -> Iterator[str]:
    def given(most: int) -> str:
        return ", ".join(chance.choice(GIVEN) for _ in range(chance.randint(0, most)))

    for name, known in functions().items():
        if isinstance(known, Builtin) and name.split(".")[0] in HOMES:
            yield f"{name.removeprefix('builtins.')}({given(3)})"
    for receiver, name in methods():
        receivers = ("MODULE",) if isinstance(receiver, str) else RECEIVERS.get(receiver, ())
        if receivers and name.isidentifier():
            yield f"{chance.choice(receivers)}.{name}({given(2)})"
    for operator in OPERATORS:
        for _ in range(4):
            yield f"{chance.choice(GIVEN)} {operator} {chance.choice(GIVEN)}"


def function(number: int, expression: str) -> str:
    return (
        f"def f{number}(given=1):\n    kept = []\n    for _ in range(100):\n        value = {expression}\n"
        "        kept.append(value)\n        text = f'{value}' + str(value)\n"
        "        others = value == value, (value,), [value] * 3, len(value)\n"
        "    return nn.Sequential(nn.Linear(3, 3), nn.ReLU() if value else nn.Tanh())\n"
    )


@pytest.fixture(scope="module")
def fresh() -> Iterator[Nursery]:
    with nursery() as made:
        yield made


def trouble(fresh: Nursery, folder: Path, chunk: list[str]) -> str | None:
    (folder / "main.py").write_text(BEFORE + "".join(function(number, each) for number, each in enumerate(chunk)))
    words = ("check", "--no-cache", "--jobs", "1", "--quiet", "main.py")
    done = fresh.run(folder, *words, seconds=10 * len(chunk), steps=STEPS)
    if done.code not in (0, 1):
        return f"ended with {done.code}: {done.err[-300:]}"
    if done.seconds > SECONDS * len(chunk) / 2 + SECONDS:
        return f"took {done.seconds} s"
    return f"took {done.megabytes} MB" if done.megabytes > MEGABYTES else None


def test_whatever_a_known_function_is_given_it_ends_soon(fresh: Nursery, tmp_path: Path) -> None:
    chance = random.Random(None if LONG else 0)
    every = [each for _ in range(TIMES) for each in expressions(chance)]
    chance.shuffle(every)
    assert len(every) > 1000
    found: dict[str, str] = {}
    for at in range(0, len(every), TOGETHER):
        chunk = every[at : at + TOGETHER]
        if trouble(fresh, tmp_path, chunk) is not None:
            alone = {each: said for each in chunk if (said := trouble(fresh, tmp_path, [each])) is not None}
            found.update(alone)
    assert found == {}
