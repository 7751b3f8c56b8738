"""When two sizes are equal: the exact set, and the words for it."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from padlint.arithmetic.condition import Always, Never, Only, when_equal
from padlint.arithmetic.dims import Dim, Unknown, evaluate, maximum, minimum, symbol
from tests.profiles import examples

H, K = symbol("H", 1), symbol("k")
SIZE = "the height"


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        ((H + 1) // 2, H - H // 2, "for every value of the height"),
        (H, H + 1, "for no value of the height"),
        (H // 2, (H + 1) // 2, "only when the height is even"),
        (H % 2, 1, "only when the height is odd"),
        (H // 3, (H + 2) // 3, "only when the height is a multiple of 3"),
        (H // 4 + 1, (H + 3) // 4, "only when the height is not a multiple of 4"),
        (H % 4, 1, "only when the height % 4 is 1"),
        (H % 4 // 2, 0, "only when the height % 4 is 0 or 1"),
        (minimum(H % 3, 1), H % 3, "only when the height % 3 is not 2"),
        (maximum(H, 7), H, "only when the height is at least 7"),
        (minimum(H, 12), H, "only when the height is at most 12"),
        (maximum(H, 7), minimum(H, 12), "only when the height is between 7 and 12"),
        (H, 28, "only when the height is 28"),
        ((H - 1) // 2, 13, "only when the height is 27 or 28"),
        (maximum(5 - H, 0) + H % 2, 0, "only when the height is even and at least 6"),
        (maximum(H - 3, 0), maximum(H - 3, 1 - H), "only when the height is not 2"),
        (minimum(maximum(H - 3, 3 - H), 1), 1, "only when the height is not 3"),
        (minimum(H, 9) % 2, 0, "only when the height is 2, 4, 6 or 8"),
        (minimum(H, 13) % 2, 0, "only when the height is one of 6 values from 2 to 12"),
        (minimum(maximum(H - 9, 3 - H), 0) + minimum(H, 3), 3, "only when the height is at least 9, or is 3"),
    ],
    ids=str,
)
def test_words(left: Dim, right: Dim, words: str) -> None:
    condition = when_equal(left, right)
    assert condition is not None
    assert condition.words(SIZE) == words


@pytest.mark.parametrize(
    ("left", "right", "first"),
    [(K % 2, 1, -6), (K, K // 2 * 2, 0), (maximum(K, 3), K, -5), (K // 3, (K + 1) // 3, None), (7 - K, 3, 2)],
    ids=str,
)
def test_from_another_first_value(left: Dim, right: Dim, first: int | None) -> None:
    condition = when_equal(left, right, first)
    assert isinstance(condition, Only)
    for n in range(1 if first is None else first, 60):
        assert condition.holds(n) == (evaluate(left, {"k": n}) == evaluate(right, {"k": n}))


@pytest.mark.parametrize(
    ("left", "right"),
    [(H, K), (H * K, 3), (H * H, 4), (Unknown("x"), H), (H // 9973, H // 9967), (maximum(H, 10**9), H)],
    ids=str,
)
def test_not_decided(left: Dim, right: Dim) -> None:
    assert when_equal(left, right) is None


@examples(150)
@given(
    st.sets(st.integers(0, 11), max_size=4),
    st.integers(1, 12),
    st.integers(-9, 40),
    st.sets(st.integers(1, 45), max_size=3),
)
def test_any_periodic_set_is_described_exactly(residues: set[int], modulus: int, start: int, others: set[int]) -> None:
    """A size that is 0 for exactly this set; the words then follow from the set."""
    product: Dim = 1
    for residue in residues:  # 0 where H % modulus is one of the residues and H >= start
        product = minimum(product, maximum((H - residue) % modulus, start - H))
    for other in others:
        product = minimum(product, maximum(H - other, other - H))
    product = maximum(0, product)
    condition = when_equal(product, 0)
    if isinstance(product, Unknown):  # too long an expression
        assert condition is None
        return
    expected = [(n % modulus in {r % modulus for r in residues} and n >= start) or n in others for n in range(1, 120)]
    match condition:
        case Only():
            assert [condition.holds(n) for n in range(1, 120)] == expected
            assert condition.modulus <= modulus
        case Always():
            assert all(expected)
        case Never():
            assert not any(expected)
        case None:
            raise AssertionError("not decided")


def test_the_modulus_and_the_minimum_are_the_least() -> None:
    for k, s in itertools.product(range(1, 7), range(1, 5)):
        condition = when_equal((H + k) // s, (H + s - 1) // s)
        if isinstance(condition, Only):
            assert condition.minimum == 1
            assert condition.modulus == s
