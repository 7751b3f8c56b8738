"""Symbolic sizes: Python itself says what an expression is worth, enumeration what can be proved of two of them."""

from __future__ import annotations

import gc
import itertools
import operator
import time
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from padlint.arithmetic.dims import (
    Dim,
    Expr,
    Unknown,
    at_least,
    equal,
    evaluate,
    floor_divide,
    less,
    maximum,
    minimum,
    substitute,
    symbol,
    symbols,
)
from tests.profiles import examples

H, W, K, P = symbol("H", 1), symbol("W", 1), symbol("k"), symbol("p", 0)
SAMPLES: dict[str, tuple[int, ...]] = {
    "H": (*range(1, 14), 30, 64, 97),
    "W": (1, 2, 3, 5, 8),
    "k": (-7, -3, -1, 0, 1, 2, 3, 4, 6, 11),
    "p": (0, 1, 2, 5),
}
LEAVES: dict[str, Expr] = {"H": H, "W": W, "k": K, "p": P}

Tree = int | str | tuple[str, "Tree", "Tree"]
SYMBOLIC: dict[str, Callable[[Dim, Dim], Dim]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": floor_divide,
    "%": lambda left, right: left % right if isinstance(right, Expr) or right else Unknown("division by zero"),
    "min": minimum,
    "max": maximum,
}


def source(tree: Tree) -> str:
    if not isinstance(tree, tuple):
        return f"({tree})"
    operation, left, right = tree[0], source(tree[1]), source(tree[2])
    return f"{operation}({left}, {right})" if operation in ("min", "max") else f"({left} {operation} {right})"


def numeric(text: str) -> Callable[[Mapping[str, int]], int | None]:
    """What Python says that the text is worth; None where it divides by zero."""
    code, names = compile(text, "text", "eval"), {"min": min, "max": max}

    def value(bindings: Mapping[str, int]) -> int | None:
        try:
            return int(eval(code, names, bindings))
        except ZeroDivisionError:
            return None

    return value


def symbolic(tree: Tree) -> Dim:
    if isinstance(tree, int):
        return tree
    if isinstance(tree, str):
        return LEAVES[tree]
    return SYMBOLIC[tree[0]](symbolic(tree[1]), symbolic(tree[2]))


def names(tree: Tree) -> set[str]:
    if isinstance(tree, int):
        return set()
    return {tree} if isinstance(tree, str) else names(tree[1]) | names(tree[2])


def bindings_of(*trees: Tree) -> list[dict[str, int]]:
    free = sorted(set().union(*map(names, trees)))
    rows = list(itertools.product(*(SAMPLES[name] for name in free)))
    return [dict(zip(free, row, strict=True)) for row in rows[:: max(1, len(rows) // 200)]]


def values(tree: Tree, rows: list[dict[str, int]]) -> list[int | None]:
    return list(map(numeric(source(tree)), rows))


def trees(leaves: st.SearchStrategy[Tree], divisors: st.SearchStrategy[Tree], most: int) -> st.SearchStrategy[Tree]:
    def grow(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
        return st.one_of(
            st.tuples(st.sampled_from(["+", "-", "+", "-", "*", "min", "max"]), inner, inner),
            st.tuples(st.sampled_from(["//", "//", "%"]), inner, divisors),
        )

    return st.recursive(leaves, grow, max_leaves=most)


small = st.integers(-9, 9)
any_tree = trees(st.sampled_from(["H", "W", "k", "p"]) | small, small | st.sampled_from(["H", "W", "k"]), 8)
one_symbol = trees(st.just("H") | small, st.integers(1, 6), 9)
parameter = trees(st.just("k") | small, st.integers(1, 5), 7)
pair = st.one_of(st.tuples(any_tree, any_tree), st.tuples(one_symbol, one_symbol), st.tuples(parameter, parameter))


@examples(500)
@given(st.one_of(any_tree, one_symbol, parameter))
def test_normal_form_and_text_keep_the_value(tree: Tree) -> None:
    dim, rows = symbolic(tree), bindings_of(tree)
    expected = values(tree, rows)
    if isinstance(dim, Unknown):
        assert dim.reason == "division by zero"
        assert all(value is None for value in expected)
        return
    written = numeric(str(dim))
    for row, value in zip(rows, expected, strict=True):
        if value is not None:
            assert evaluate(dim, row) == value
            assert written(row) == value
    assert symbols(dim) <= names(tree)


@examples(500)
@given(pair)
def test_comparisons_never_contradict_the_values(two: tuple[Tree, Tree]) -> None:
    left, right = symbolic(two[0]), symbolic(two[1])
    rows = bindings_of(*two)
    pairs = [
        (one, other)
        for one, other in zip(values(two[0], rows), values(two[1], rows), strict=True)
        if one is not None and other is not None
    ]
    verdict, below = equal(left, right), less(left, right)
    assert all((one == other) is verdict for one, other in pairs) or verdict is None
    assert all((one < other) is below for one, other in pairs) or below is None
    assert at_least(left, right) is (None if below is None else not below)
    if left == right and not isinstance(left, Unknown):
        assert verdict is True
        assert hash(left) == hash(right)


@examples(250)
@given(st.tuples(one_symbol, one_symbol))
def test_one_symbol_is_always_decided(two: tuple[Tree, Tree]) -> None:
    """With one size and linear terms, `equal` misses nothing: None only where both answers occur."""
    left, right = symbolic(two[0]), symbolic(two[1])
    if any(_has_square(tree) for tree in two) or isinstance(left, Unknown) or isinstance(right, Unknown):
        return
    one, other = numeric(source(two[0])), numeric(source(two[1]))
    same = {one({"H": n}) == other({"H": n}) for n in range(1, 1500)}
    assert equal(left, right) is (same.pop() if len(same) == 1 else None)


def _has_square(tree: Tree) -> bool:
    if isinstance(tree, int | str):
        return False
    product = tree[0] == "*" and names(tree[1]) and names(tree[2])
    return bool(product) or _has_square(tree[1]) or _has_square(tree[2])


@examples(250)
@given(any_tree, any_tree)
def test_substitute_is_evaluation_in_two_steps(tree: Tree, inner: Tree) -> None:
    dim, replaced = symbolic(tree), symbolic(inner)
    if isinstance(dim, Unknown) or isinstance(replaced, Unknown):
        return
    result = substitute(dim, {"k": replaced})
    outer, inside = numeric(source(tree)), numeric(source(inner))
    for row in bindings_of(tree, inner):
        k = inside(row)
        value = None if k is None else outer({**row, "k": k})
        if isinstance(result, Unknown):
            assert value is None or "to follow" in result.reason
        elif value is not None:
            assert evaluate(result, row) == value


@pytest.mark.parametrize(
    ("dim", "text"),
    [
        ((H - 1) // 2 + 1, "(H + 1)//2"),
        (4 * symbol("ngf"), "4*ngf"),
        (minimum(symbol("a"), symbol("b")), "min(a, b)"),
        (maximum(H, 3), "max(H, 3)"),
        (H % 2, "H % 2"),
        (H + H % 2, "H + H % 2"),
        (5 - H, "5 - H"),
        (-(H // 2), "-(H//2)"),
        (-(-H // 3), "(H + 2)//3"),
        (((H - 1) // 2 + 1 - 3) // 2 + 1, "(H + 3)//4 - 1"),
        (3 * (H // 2) * (W // 2), "3*(H//2)*(W//2)"),
        (H * W // 4, "H*W//4"),
        (K // H, "k//H"),
        (7 // (K + 1), "7//(k + 1)"),
        (H * K // K, "H"),
        (maximum(0, H - 3) + 2, "max(H - 1, 2)"),
    ],
    ids=str,
)
def test_text_is_what_a_person_would_write(dim: Dim, text: str) -> None:
    assert str(dim) == text


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((H + 1) // 2, H - H // 2),
        (-(-H // 4), (H + 3) // 4),
        (((H // 2) + 3) // 5, (H + 6) // 10),
        ((6 * H + 5) // 3, 2 * H + 1),
        (minimum((H - 2) // 2, (H - 1) // 2), (H - 2) // 2),
        (H * W * 2 // W, 2 * H),
        ((H // 2) * (W // 3), (W // 3) * (H // 2)),
        (H - 2 * (H // 2), H % 2),
        (minimum(H, W) + maximum(H, W) - maximum(W, H), minimum(W, H)),
        ((H * W + 1) // 2, H * W - H * W // 2),
        (maximum(minimum(H, 5), 0), minimum(5, H)),
        ((H + 1) // 2 + W // 3, W // 3 + H - H // 2),
    ],
    ids=str,
)
def test_equal_is_proved(left: Dim, right: Dim) -> None:
    assert equal(left, right) is True


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (2 * K, 2 * P + 1),
        (H, 0),
        (H + 2, H),
        (H * W, 0),
        (H // 2, H + 1),
        (6 * H + 3 * K, 3 * W + 1),
        (4 * (H // 2), 4 * W + 2),
        (H + 2 * K, H + 2 * W + 5),
        (K * K, -1),
        (3 * H % 3 + 1, 0),
        (H + K - H % 2, K - 1),
    ],
    ids=str,
)
def test_different_is_proved(left: Dim, right: Dim) -> None:
    assert equal(left, right) is False


@pytest.mark.parametrize(
    ("left", "right"),
    [(H, W), (H, 1), (H // 2 * 2, H), (K, 0), (H * W, 6), (K % 2, 1), (minimum(H, 9), 4), (Unknown("x"), 1)],
    ids=str,
)
def test_what_depends_on_the_symbols_is_not_decided(left: Dim, right: Dim) -> None:
    assert equal(left, right) is None


def test_unknown_spreads_with_its_reason() -> None:
    lost = Unknown("read from a file")
    results = [
        lost + 1,
        1 + lost,
        H - lost,
        lost * H,
        7 // lost,
        lost % 2,
        -lost,
        minimum(3, lost),
        substitute(H, {"H": lost}),
    ]
    assert results == [lost] * len(results)
    assert less(lost, 3) is None
    assert symbols(lost) == frozenset()


@pytest.mark.parametrize("dim", [H // 0, H % 0, floor_divide(3, 0)], ids=["//", "%", "int"])
def test_division_by_zero_is_unknown(dim: Dim) -> None:
    assert dim == Unknown("division by zero")


def _nested_minimum(step: int, dim: Dim) -> Dim:
    return minimum(dim * 2 // 3 + symbol(f"a{step}"), dim + symbol(f"b{step}"), symbol(f"c{step}") - dim)


GROWTH: dict[str, Callable[[int, Dim], Dim]] = {
    "square": lambda step, dim: dim * dim,
    "polynomial": lambda step, dim: dim * (symbol(f"a{step}") + 1),
    "number": lambda step, dim: dim * 10**9,
    "sum": lambda step, dim: dim + symbol(f"a{step}"),
    "floors": lambda step, dim: dim // 7 + dim // 5,
    "remainders": lambda step, dim: dim % (step + 2) + dim // (step + 3),
    "minimum": _nested_minimum,
    "minimum of floors": lambda step, dim: minimum(dim // 2, (symbol(f"a{step}") - dim) // 3),
    "symbolic division": lambda step, dim: (dim + 1) // symbol(f"a{step}") + dim,
}


@pytest.mark.parametrize("grow", GROWTH.values(), ids=GROWTH.keys())
def test_growth_ends_in_unknown_and_fast(grow: Callable[[int, Dim], Dim]) -> None:
    dim: Dim = H
    slowest = 0.0
    gc.collect()  # what other tests left is not to be looked through while this one is timed
    for step in range(300):
        start = time.process_time()
        dim = grow(step, dim)
        equal(dim, 3 * H + 1)
        less(dim, W)
        slowest = max(slowest, time.process_time() - start)
        if isinstance(dim, Unknown):
            break
    assert isinstance(dim, Unknown)
    assert "to follow" in dim.reason
    assert slowest < 2  # ten milliseconds are usual; growth without a bound doubles at each step


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (H // 9973 + H // 9967, H),
        (maximum(H, 10**18), H),
        ((10**18 * H + 1) // 3, 0),
        (minimum(H // 97, H // 89 - 10**9) + H // 83, 5),
        (H + 10**29, 10**18 * W),
    ],
    ids=str,
)
def test_absurd_comparisons_are_fast(left: Dim, right: Dim) -> None:
    start = time.process_time()
    equal(left, right), less(left, right)
    assert time.process_time() - start < 2  # a millisecond is usual
