"""Symbols and Unknowns flow: nothing raises, and what is said for all values holds for each."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from padlint.arithmetic.dims import Dim, Unknown, evaluate, symbol
from padlint.layers import catalogue
from padlint.layers.base import Output, Refusal, Tensor, Value
from tests.profiles import examples

from . import judge
from .generate import NAMES, cases
from .judge import Case

Bindings = dict[str, int]


def named(value: Value, bindings: Bindings) -> Value:
    """The value with every whole number replaced by a symbol."""
    if isinstance(value, tuple):
        return tuple(named(one, bindings) for one in value)
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    name = f"s{len(bindings)}"
    bindings[name] = value
    return symbol(name, minimum=min(value, 1))


def holds(symbolic: Output, concrete: Output, bindings: Mapping[str, int]) -> bool:
    """Whether what is said for all values of the symbols is what is said for these."""
    if isinstance(symbolic, Unknown) or isinstance(concrete, Unknown):
        return True
    if isinstance(symbolic, Refusal) or isinstance(concrete, Refusal):
        return isinstance(concrete, Refusal)
    if isinstance(symbolic, tuple) or isinstance(concrete, tuple):
        assert isinstance(symbolic, tuple) and isinstance(concrete, tuple)
        return all(holds(one, other, bindings) for one, other in zip(symbolic, concrete, strict=True))
    pairs = zip(symbolic.shape, concrete.shape, strict=True)
    return all(substituted(one, bindings) in (None, other) for one, other in pairs)


def substituted(dim: Dim, bindings: Mapping[str, int]) -> int | None:
    """The value of a size for these values of its symbols; None if it is not known."""
    return None if isinstance(dim, Unknown) else evaluate(dim, bindings)


def touch_state(name: str, arguments: Mapping[str, Value]) -> None:
    """What else is asked about a layer must not raise either."""
    layer = catalogue.find(name)
    assert layer is not None
    bound = catalogue.bind(layer, (), arguments)
    assert not isinstance(bound, Refusal)
    layer.state(bound)
    layer.accepts(bound)
    if layer.windows is not None:
        layer.windows(bound)


@pytest.mark.parametrize("name", NAMES)
def test_symbolic_sizes_and_arguments_give_the_concrete_result(name: str) -> None:
    @examples(25)
    @given(cases(name), st.booleans(), st.booleans())
    def same(case: Case, sizes: bool, values: bool) -> None:
        bindings: Bindings = {}
        shapes = tuple(named(shape, bindings) if sizes else shape for shape in case.shapes)
        arguments = {key: named(one, bindings) if values else one for key, one in case.arguments.items()}
        symbolic = judge.evaluate(name, arguments, shapes)  # type: ignore[arg-type]
        concrete = judge.evaluate(name, case.arguments, case.shapes)
        assert holds(symbolic, concrete, bindings), (case, symbolic, concrete)
        touch_state(name, arguments)

    same()


@pytest.mark.parametrize("name", NAMES)
def test_unknown_arguments_and_sizes_refuse_nothing_that_could_be_right(name: str) -> None:
    unknown = Unknown("a test")

    @examples(25)
    @given(cases(name), st.integers(0, 2**12 - 1), st.integers(0, 2**6 - 1))
    def same(case: Case, values: int, sizes: int) -> None:
        arguments: dict[str, Value] = {
            key: unknown if values >> at & 1 else one for at, (key, one) in enumerate(case.arguments.items())
        }
        shapes = tuple(
            tuple(unknown if sizes >> at & 1 else one for at, one in enumerate(shape)) for shape in case.shapes
        )
        uncertain = judge.evaluate(name, arguments, shapes)
        concrete = judge.evaluate(name, case.arguments, case.shapes)
        assert holds(uncertain, concrete, {}), (case, arguments, uncertain, concrete)
        touch_state(name, arguments)

    same()


N, H, W = (symbol(name, minimum=1) for name in "NHW")

KEPT = {
    "same convolution": ("Conv2d", (3, 8, 3), {"padding": 1}, (N, 3, H, W), (N, 8, H, W)),
    "torch's same": ("Conv2d", (3, 8, 4), {"padding": "same"}, (N, 3, H, W), (N, 8, H, W)),
    "halving": ("Conv2d", (3, 8, 3, 2, 1), {}, (N, 3, H, W), (N, 8, (H + 1) // 2, (W + 1) // 2)),
    "pool": ("MaxPool2d", (2,), {}, (N, 3, H, 8), (N, 3, H // 2, 4)),
    "unknown padding spoils only its axes": (
        "Conv2d",
        (3, 8, 3),
        {"padding": (Unknown("?"), 1)},
        (N, 3, H, W),
        (N, 8, None, W),
    ),
    "doubling": ("ConvTranspose2d", (3, 8, 2, 2), {}, (N, 3, H, W), (N, 8, 2 * H, 2 * W)),
    "symbolic channels": ("Conv2d", (3, W, 1), {}, (N, 3, H, 4), (N, W, H, 4)),
    "flatten": ("Flatten", (), {}, (N, 8, H, 4), (N, 32 * H)),
    "shuffle": ("PixelShuffle", (2,), {}, (N, 12, H, W), (N, 3, 2 * H, 2 * W)),
    "half": ("Upsample", (), {"scale_factor": 0.5}, (N, 3, H, W), (N, 3, H // 2, W // 2)),
    "one and a half": ("Upsample", (None, 1.5), {}, (N, 3, H, W), (N, 3, 3 * H // 2, 3 * W // 2)),
    "adaptive": ("AdaptiveAvgPool2d", ((None, 7),), {}, (N, 3, H, W), (N, 3, H, 7)),
    "linear": ("Linear", (3, 5), {}, (N, H, 3), (N, H, 5)),
    "unfold": ("Unfold", (2,), {"stride": 2}, (N, 3, H, 4), (N, 12, 2 * (H // 2))),
}


@pytest.mark.parametrize(("name", "positional", "keywords", "before", "after"), KEPT.values(), ids=KEPT)
def test_shapes_over_symbols(
    name: str,
    positional: tuple[Value, ...],
    keywords: dict[str, Value],
    before: tuple[Dim, ...],
    after: tuple[Dim | None, ...],
) -> None:
    layer = catalogue.find(name)
    assert layer is not None
    arguments = catalogue.bind(layer, positional, keywords)
    assert not isinstance(arguments, Refusal)
    output = layer.shape(arguments, (Tensor(before),))
    assert isinstance(output, Tensor), output
    assert tuple(None if isinstance(size, Unknown) else size for size in output.shape) == after


REFUSED_FOR_ALL = {
    "channels": ("Conv2d", (3, 8, 3), (N, 64, H, W), "PAD301", "in_channels", 64),
    "features": ("Linear", (10, 5), (N, 12), "PAD303", "in_features", 12),
    "norm": ("BatchNorm2d", (16,), (N, 32, H, W), "PAD302", "num_features", 32),
    "rank": ("Conv2d", (3, 8, 3), (N, 3), "PAD306", None, None),
    "vanishing": ("Conv2d", (3, 8, 7), (N, 3, 5, W), "PAD304", None, None),
    "odd times": ("GLU", (1,), (N, 2 * H + 1), "PAD106", "dim", None),
}


@pytest.mark.parametrize(
    ("name", "positional", "before", "code", "argument", "wanted"), REFUSED_FOR_ALL.values(), ids=REFUSED_FOR_ALL
)
def test_refusals_name_rule_argument_and_wanted_value(
    name: str, positional: tuple[Value, ...], before: tuple[Dim, ...], code: str, argument: str | None, wanted: Value
) -> None:
    layer = catalogue.find(name)
    assert layer is not None
    arguments = catalogue.bind(layer, positional, {})
    assert not isinstance(arguments, Refusal)
    output = layer.shape(arguments, (Tensor(before),))
    assert isinstance(output, Refusal), output
    assert (output.code, output.argument, output.wanted) == (code, argument, wanted)
