"""What torch says about a layer and its input, and what padlint says, in one form: a shape, several, or why not."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Union

import torch

from padlint.arithmetic.dims import Unknown
from padlint.layers import catalogue
from padlint.layers.base import Output, Refusal, Tensor, Value

Shapes = Union[tuple[int, ...], tuple["Shapes", ...], None]


@dataclass(frozen=True)
class Refused:
    """torch raises, or padlint refuses."""

    why: str


@dataclass(frozen=True)
class Case:
    """One layer, built with `arguments`, called with tensors of these shapes."""

    name: str
    arguments: Mapping[str, Value]
    shapes: tuple[tuple[int, ...], ...]

    def __repr__(self) -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in self.arguments.items())
        return f"{self.name}({given}) on {', '.join(map(str, self.shapes))}"


class OutOfMemory(Exception):
    """This machine cannot tell: the tensors do not fit."""


def torch_says(case: Case) -> Shapes | Refused:
    """The shapes that torch gives in train or eval mode, or Refused if it raises in both."""
    first = _run(case, training=True)
    return _run(case, training=False) if isinstance(first, Refused) else first


def _run(case: Case, training: bool) -> Shapes | Refused:
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        try:
            module = build(case)
            module.train(training)
            shapes = _shapes(module(*_tensors(case)))
            return Refused("an empty map") if _vanished(case, shapes) else shapes
        except Exception as problem:  # torch raises whatever it likes: the judge needs to know only that it did
            if "allocate memory" in str(problem) or isinstance(problem, MemoryError):
                raise OutOfMemory from problem
            return Refused(f"{type(problem).__name__}: {problem}")


def _vanished(case: Case, shapes: Shapes) -> bool:
    """A map of size 0, which torch gives in some layers and refuses in others, is what PAD304 reports everywhere."""
    if not any(part in case.name for part in ("pool", "Pool", "Pad", "Conv", "Upsample")) or not shapes:
        return False
    if isinstance(shapes[0], tuple):
        return _vanished(case, shapes[0])
    if case.name == "Upsample":  # mode='area' gives an empty map where the other modes raise
        return 0 in shapes[2:]
    sides = case.arguments.get("padding")
    axes = len(sides) // 2 if "Pad" in case.name and isinstance(sides, tuple) else int(case.name[-2])
    return 0 in shapes[len(shapes) - axes :]


def build(case: Case) -> torch.nn.Module:
    """The module itself."""
    module: torch.nn.Module = getattr(torch.nn, case.name)(**case.arguments)
    return module


def _tensors(case: Case) -> Sequence[object]:
    whole = case.name.startswith("Embedding") or case.name.startswith("MaxUnpool")
    tensors = [torch.zeros(shape, dtype=torch.int64 if whole else torch.float32) for shape in case.shapes]
    if case.name.startswith("MaxUnpool"):
        tensors[0] = tensors[0].float()
    if case.name in ("LSTM", "LSTMCell") and len(tensors) == 3:
        return [tensors[0], (tensors[1], tensors[2])]
    return tensors


def _shapes(output: object) -> Shapes:
    if isinstance(output, torch.Tensor):
        return tuple(output.shape)
    assert isinstance(output, tuple)
    return tuple(_shapes(one) for one in output)


def padlint_says(case: Case) -> Shapes | Refused | Unknown:
    """The shapes that the catalogue gives, its refusal, or that it does not know."""
    return plain(evaluate(case.name, case.arguments, case.shapes))


def evaluate(name: str, arguments: Mapping[str, Value], shapes: Sequence[tuple[Value, ...]]) -> Output:
    """What the catalogue says of a layer that is built and called."""
    layer = catalogue.find(name)
    assert layer is not None
    bound = catalogue.bind(layer, (), arguments)
    if isinstance(bound, Refusal):
        return bound
    return layer.construct(bound) or layer.shape(bound, tuple(Tensor(shape) for shape in shapes))  # type: ignore[arg-type]


def plain(output: Output) -> Shapes | Refused | Unknown:
    """An output with the refusal's wording; an unknown size makes the whole unknown."""
    if isinstance(output, Refusal):
        return Refused(f"{output.code} {output.message}")
    if isinstance(output, Unknown):
        return output
    if isinstance(output, Tensor):
        unknown = [size for size in output.shape if not isinstance(size, int)]
        return unknown[0] if unknown else output.shape  # type: ignore[return-value]
    parts = [plain(one) for one in output]
    odd = [one for one in parts if isinstance(one, (Refused, Unknown))]
    return odd[0] if odd else tuple(parts)  # type: ignore[arg-type]


def assert_agreement(case: Case) -> None:
    """Same shape, or both refuse."""
    expected, found = torch_says(case), padlint_says(case)
    if isinstance(expected, Refused):
        assert isinstance(found, Refused), f"{case}: torch: {expected.why}, padlint: {found}"
        assert found.why[:6] in CODES, found.why
    else:
        assert found == expected, f"{case}: torch: {expected}, padlint: {found}"


CODES = {f"PAD{number}" for number in (*range(101, 107), *range(301, 307))}
