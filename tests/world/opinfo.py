"""padlint's knowledge of torch's functions and modules against the inputs that torch ships for its own tests.

Each sample is written as source, tensors as `torch.ones` of their shape and dtype, in up to three spellings: a function, a method, an
operator. What is written is run, and handed to a Sequential in a function of its own: padlint says what arrives there. `agree`: the very
shape; `partly`: nothing that it says is wrong; `unknown`: it says nothing. WRONG: torch contradicts a size or the rank. ALARM: a
finding, though torch runs every one of these programs.
"""

from __future__ import annotations

import operator
import random
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.world.asking import findings, shapes
from tests.world.levels import Judged, command

SIZE = 3
"""Samples of each function, in the tests."""
OUTPUTS = 3
CASES = 80
"""How many cases stand in one file."""
HEAD = "import torch\nfrom torch import nn\n\n"
CASE = "\ndef case_{number}():\n    return nn.Sequential(nn.Identity())({expression})\n"
OPERATORS = {
    operator.add: "+", operator.sub: "-", operator.mul: "*", operator.truediv: "/", operator.floordiv: "//", operator.mod: "%",
    operator.pow: "**", operator.matmul: "@", operator.and_: "&", operator.or_: "|", operator.xor: "^", operator.lt: "<",
    operator.le: "<=", operator.gt: ">", operator.ge: ">=", operator.eq: "==", operator.ne: "!=", operator.lshift: "<<",
    operator.rshift: ">>",
}  # fmt: skip


class Unwritten(Exception):
    """A value that has no short spelling."""


@dataclass(frozen=True)
class Case:
    """An expression of torch and the shape that it has."""

    expression: str
    shape: tuple[int, ...]


def written(value: Any) -> str:
    """A sample's argument as source."""
    import torch

    if isinstance(value, torch.Tensor):
        if value.layout != torch.strided or value.is_quantized or value.is_nested:
            raise Unwritten
        kind = "" if value.dtype == torch.float32 else f", dtype={value.dtype}"
        return f"torch.ones({tuple(value.shape)}{kind})"
    if value is None or type(value) in (bool, int, str):
        return repr(value)
    if type(value) is float:
        return repr(value) if abs(value) < float("inf") else f"float('{value}')"
    if isinstance(value, slice):
        return f"slice({value.start}, {value.stop}, {value.step})"
    if value is Ellipsis:
        return "..."
    if isinstance(value, torch.dtype | torch.memory_format):
        return str(value)
    if isinstance(value, torch.device):
        return repr(str(value))
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    if type(value) in (tuple, torch.Size):
        return f"({', '.join(map(written, value))}{',' if len(value) == 1 else ''})"
    raise Unwritten


def arguments(positional: Sequence[Any], keywords: dict[str, Any]) -> str:
    return ", ".join([*map(written, positional), *(f"{name}={written(value)}" for name, value in keywords.items())])


def spellings(op: Any, sample: Any) -> Iterator[str]:
    """The ways to write one call of a function."""
    import torch

    found: Any = torch
    for part in op.name.split("."):
        found = getattr(found, part, None)
    if callable(found):
        yield f"torch.{op.name}({arguments([sample.input, *sample.args], sample.kwargs)})"
    tensor = isinstance(sample.input, torch.Tensor)
    if tensor and op.method_variant is not None and hasattr(torch.Tensor, op.name):
        yield f"{written(sample.input)}.{op.name}({arguments(sample.args, sample.kwargs)})"
    if tensor and op.operator_variant in OPERATORS and len(sample.args) == 1 and not sample.kwargs:
        yield f"{written(sample.input)} {OPERATORS[op.operator_variant]} {written(sample.args[0])}"


def of_functions(size: int, seed: int) -> Iterator[list[str]]:
    """The expressions of each function, those of some of its samples."""
    import torch
    from torch.testing._internal.common_methods_invocations import op_db

    for op in op_db:
        torch.manual_seed(seed)
        random.seed(seed)
        kinds = [kind for kind in (torch.float32, torch.int64, torch.complex64, torch.bool) if kind in op.dtypes]
        samples = op.sample_inputs("cpu", kinds[0], requires_grad=False) if kinds else ()
        yield list(_written(lambda sample, op=op: spellings(op, sample), samples, size))


def of_modules(size: int, seed: int) -> Iterator[list[str]]:
    """The expressions of each module, built and called at once."""
    import torch
    from torch.testing._internal.common_modules import module_db

    def spelling(info: Any, given: Any) -> Iterator[str]:
        name = f"nn.{info.module_cls.__name__}"
        built, called = given.constructor_input, given.forward_input
        if called is not None and getattr(torch.nn, info.module_cls.__name__, None) is info.module_cls:
            yield f"{name}({arguments(built.args, built.kwargs)})({arguments(called.args, called.kwargs)})"

    for info in module_db:
        torch.manual_seed(seed)
        random.seed(seed)
        kind = torch.float32 if torch.float32 in info.dtypes else info.dtypes[0]
        inputs = info.module_inputs_func(info, device="cpu", dtype=kind, requires_grad=False, training=True)
        yield list(_written(lambda given, info=info: spelling(info, given), inputs, size))


def _written(spell: Any, samples: Any, size: int) -> Iterator[str]:
    """The spellings of some samples, drawn from all, that can be written and differ."""
    seen: set[str] = set()
    taken = 0
    for sample in random.sample(listed := list(samples), len(listed)):
        try:
            new = [each for each in spell(sample) if each not in seen]
        except Unwritten:
            continue
        seen.update(new)
        yield from new
        taken += bool(new)
        if taken == size:
            return


def given(expression: str) -> list[Case]:
    """What torch makes of an expression, each of the first tensors where there are several; nothing if it refuses."""
    import torch

    try:
        result = eval(expression, {"torch": torch, "nn": torch.nn})
    except Exception:  # some of torch's samples mean other values than ones
        return []
    if isinstance(result, torch.Tensor):
        return [Case(expression, tuple(result.shape))]
    if isinstance(result, tuple | list) and all(isinstance(each, torch.Tensor) for each in result):
        return [Case(f"{expression}[{place}]", tuple(each.shape)) for place, each in enumerate(result[:OUTPUTS])]
    return []


def cases(size: int, seed: int) -> list[Case]:
    import torch

    torch.set_num_threads(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expressions = [each for group in (*of_functions(size, seed), *of_modules(size, seed)) for each in group]
        return [case for expression in dict.fromkeys(expressions) for case in given(expression)]


def verdict(said: Sequence[Any] | None, shape: tuple[int, ...]) -> str:
    if said is None:
        return "unknown"
    if tuple(said) == shape:
        return "agree"
    fits = len(said) == len(shape) and all(s == t for s, t in zip(said, shape, strict=True) if isinstance(s, int))
    return "partly" if fits else "WRONG"


def judge(size: int = SIZE, seed: int = 0) -> Judged:
    """Ask padlint about every case; what it says of a case stands on the case's line."""
    listed = cases(size, seed)
    counts, wrong = Counter(judged=len(listed), agree=0, partly=0, unknown=0, WRONG=0, ALARM=0), {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        names = [f"cases_{start:06}.py" for start in range(0, len(listed), CASES)]
        for start, name in enumerate(names):
            block = listed[start * CASES : (start + 1) * CASES]
            text = "".join(CASE.format(number=n, expression=case.expression) for n, case in enumerate(block))
            (folder / name).write_text(HEAD + text, encoding="utf-8")
        built, found = shapes(folder, names), findings(folder, names)
    first = HEAD.count("\n") + 3  # the line of the first case's expression; each has three lines
    for start, name in enumerate(names):
        arrives = {each["line"]: each["input_shape"] for each in built[name] if "crash" not in each}
        for crash in (each for each in (*built[name], *found[name]) if "crash" in each):
            wrong[f"CRASH {name}"] = str(crash["why"])
        for n, case in enumerate(listed[start * CASES : (start + 1) * CASES]):
            what = verdict(arrives.get(first + 3 * n), case.shape)
            counts[what] += 1
            if what == "WRONG":
                wrong[f"WRONG {case.expression}"] = f"{arrives[first + 3 * n]}, really {list(case.shape)}"
        for each in found[name]:
            if "crash" not in each:
                case = listed[start * CASES + (each["start"]["line"] - first + 1) // 3]
                wrong[f"ALARM {case.expression}"] = f"{each['code']} {each['message']}"
                counts["ALARM"] += 1
    return Judged(counts, wrong)


if __name__ == "__main__":
    sys.exit(command("opinfo", __doc__, judge, SIZE))
