"""The window formulas: torch says what comes out for numbers, enumeration what holds for all sizes."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from padlint.arithmetic import windows
from padlint.arithmetic.condition import Always, Never, Only, when_equal
from padlint.arithmetic.dims import Dim, Expr, Unknown, at_least, equal, evaluate, less, substitute, symbol
from tests.profiles import examples

H = symbol("H", 1)
SIZES = (1, 2, 3, 4, 5, 6, 7, 9, 12, 17, 24)
WINDOWS = list(itertools.product(range(1, 9), range(1, 5), range(1, 4), range(5)))
ALL_SIZES = range(1, 513)


def number(dim: Dim) -> int:
    return evaluate(dim, {})


def torch_size(layer: nn.Module, n: int) -> int | None:
    """What torch gives for n elements; None where it refuses."""
    try:
        return layer(torch.zeros(1, 1, n)).shape[-1]
    except RuntimeError:
        return None


def pool_size(n: int, k: int, s: int, d: int, p: int, ceil_mode: bool) -> int:
    """ATen's pooling_output_shape, in its own words."""
    size = (n + 2 * p - d * (k - 1) - 1 + (s - 1 if ceil_mode else 0)) // s + 1
    if ceil_mode and (size - 1) * s >= n + p:
        size -= 1
    return size


@pytest.mark.parametrize("kernel", range(1, 9))
def test_convolution_is_torchs(kernel: int) -> None:
    for k, s, d, p in (window for window in WINDOWS if window[0] == kernel):
        layer = nn.Conv1d(1, 1, k, s, p, d)
        for n in SIZES:
            size = number(windows.convolved(n, k, s, p, p, d))
            assert torch_size(layer, n) == (size if size >= 1 else None), (k, s, d, p, n)


@pytest.mark.parametrize("kernel", range(1, 9))
@pytest.mark.parametrize("ceil_mode", [False, True], ids=["floor", "ceil"])
def test_pooling_is_torchs(kernel: int, ceil_mode: bool) -> None:
    for k, s, d, p in (window for window in WINDOWS if window[0] == kernel and window[3] <= kernel // 2):
        layer = nn.MaxPool1d(k, s, p, d, ceil_mode=ceil_mode)
        for n in SIZES:
            size = number(windows.pooled(n, k, s, p, p, d, ceil_mode))
            assert torch_size(layer, n) == (size if size >= 1 else None), (k, s, d, p, n)
            assert size == pool_size(n, k, s, d, p, ceil_mode)


@pytest.mark.parametrize("kernel", range(1, 9))
def test_transposed_is_torchs(kernel: int) -> None:
    for k, s, d, p in (window for window in WINDOWS if window[0] == kernel):
        for output_padding in range(max(s, d)):
            layer = nn.ConvTranspose1d(1, 1, k, s, p, output_padding, dilation=d)
            for n in (1, 2, 5):
                size = number(windows.transposed(n, k, s, p, p, d, output_padding))
                assert torch_size(layer, n) == (size if size >= 1 else None), (k, s, d, p, output_padding, n)


def conditions_hold(left: Dim, right: Dim, truth: list[bool]) -> None:
    """The condition, and the verdict, are exactly what enumeration found for H = 1..512."""
    condition = when_equal(left, right)
    match condition:
        case Only(others=others, minimum=least, modulus=modulus):
            assert [condition.holds(n) for n in ALL_SIZES] == truth
            somewhere = [*ALL_SIZES, *others, *range(least, least + modulus)]
            assert {condition.holds(n) for n in somewhere} == {True, False}
            assert all(
                condition.holds(n) == (evaluate(left, {"H": n}) == evaluate(right, {"H": n})) for n in somewhere[512:]
            )
        case Always():
            assert all(truth)
        case Never():
            assert not any(truth)
        case None:
            raise AssertionError("not decided")
    assert equal(left, right) is {Always: True, Never: False}.get(type(condition))


@pytest.mark.parametrize("kernel", range(1, 9))
@pytest.mark.parametrize("ceil_mode", [False, True], ids=["floor", "ceil"])
def test_same_for_which_sizes(kernel: int, ceil_mode: bool) -> None:
    for k, s, d, p in (window for window in WINDOWS if window[0] == kernel):
        if ceil_mode and p > k // 2:
            continue  # torch refuses it, and no convolution has a ceil_mode
        truth = [pool_size(n, k, s, d, p, ceil_mode) == -(-n // s) for n in ALL_SIZES]
        conditions_hold(windows.pooled(H, k, s, p, p, d, ceil_mode), windows.same_size(H, s), truth)


@dataclass(frozen=True)
class Step:
    """One window of a chain."""

    kind: str
    k: int
    s: int
    d: int
    p: int

    def size(self, n: Dim) -> Dim:
        if self.kind == "transposed":
            return windows.transposed(n, self.k, self.s, self.p, self.p, self.d)
        if self.kind == "same":
            return windows.same_size(n, self.s)
        return windows.pooled(n, self.k, self.s, self.p, self.p, self.d, self.kind == "ceil")

    def brute(self, n: int) -> int:
        if self.kind == "transposed":
            return (n - 1) * self.s - 2 * self.p + self.d * (self.k - 1) + 1
        if self.kind == "same":
            return (n + self.s - 1) // self.s
        return pool_size(n, self.k, self.s, self.d, self.p, self.kind == "ceil")


@st.composite
def steps(draw: st.DrawFn) -> Step:
    kind, k = draw(st.sampled_from(["floor", "floor", "ceil", "transposed", "same"])), draw(st.integers(1, 8))
    p = draw(st.integers(0, k // 2 if kind == "ceil" else 4))
    return Step(kind, k, draw(st.integers(1, 4)), draw(st.integers(1, 3)), p)


chains = st.lists(steps(), min_size=1, max_size=4)


def through(chain: list[Step]) -> tuple[Dim, list[int]]:
    dim: Dim = H
    column = list(ALL_SIZES)
    for step in chain:
        dim, column = step.size(dim), [step.brute(n) for n in column]
    return dim, column


@examples(400)
@given(chains, st.integers(1, 6), st.integers(-4, 4))
def test_chain_against_a_wanted_size(chain: list[Step], divisor: int, shift: int) -> None:
    dim, column = through(chain)
    assert [evaluate(dim, {"H": n}) for n in (1, 2, 3, 50, 511)] == [column[n - 1] for n in (1, 2, 3, 50, 511)]
    wanted = windows.same_size(H, divisor) + shift
    conditions_hold(dim, wanted, [size == -(-n // divisor) + shift for n, size in zip(ALL_SIZES, column, strict=True)])


@examples(400)
@given(chains, chains)
def test_two_chains(one: list[Step], other: list[Step]) -> None:
    left, lefts = through(one)
    right, rights = through(other)
    conditions_hold(left, right, [a == b for a, b in zip(lefts, rights, strict=True)])
    verdict = less(left, right)
    assert verdict is None or all((a < b) is verdict for a, b in zip(lefts, rights, strict=True))


@examples(200)
@given(chains, st.integers(1, 600))
def test_chain_is_the_same_with_a_number(chain: list[Step], n: int) -> None:
    dim, _ = through(chain)
    size: Dim = n
    for step in chain:
        size = step.size(size)
    assert substitute(dim, {"H": n}) == size


@pytest.mark.parametrize(("kernel", "stride", "dilation"), [window[:3] for window in WINDOWS if window[3] == 0])
def test_same_padding_is_the_least_that_gives_the_size(kernel: int, stride: int, dilation: int) -> None:
    reach = dilation * (kernel - 1) + 1
    for n in SIZES:
        size = -(-n // stride)
        total = next(total for total in range(reach + n * stride) if (n + total - reach) // stride + 1 >= size)
        lo, hi = map(number, windows.same_padding(n, kernel, stride, dilation))
        assert (lo, hi) == (total // 2, (total + 1) // 2)
        assert tuple(map(number, windows.same_lower(n, kernel, stride, dilation))) == (hi, lo)
        for dim, value in zip(windows.same_padding(H, kernel, stride, dilation), (lo, hi), strict=True):
            assert evaluate(dim, {"H": n}) == value
            assert at_least(dim, 0) is True


@pytest.mark.parametrize("kernel", range(1, 9))
@pytest.mark.parametrize("dilation", [1, 2, 3])
@pytest.mark.filterwarnings("ignore:Using padding='same'")
def test_same_padding_is_torchs_string(kernel: int, dilation: int) -> None:
    """Values, not shapes alone: the borders lie where torch's padding='same' has them."""
    torch.manual_seed(kernel)
    layer = nn.Conv1d(1, 1, kernel, dilation=dilation, padding="same")
    bare = nn.Conv1d(1, 1, kernel, dilation=dilation)
    bare.load_state_dict(layer.state_dict())
    for n in (1, 2, 7, 12):
        lo, hi = map(number, windows.same_padding(n, kernel, 1, dilation))
        given_input = torch.randn(1, 1, n)
        torch.testing.assert_close(bare(nn.functional.pad(given_input, (lo, hi))), layer(given_input))


@pytest.mark.parametrize("kernel", range(1, 9))
@pytest.mark.parametrize("dilation", [1, 2, 3])
def test_half_padding_keeps_the_size(kernel: int, dilation: int) -> None:
    keeps = [p for p in range(20) if torch_size(nn.Conv1d(1, 1, kernel, 1, p, dilation), 21) == 21]
    assert [windows.half_padding(kernel, dilation)] == (keeps or [None])


def test_half_padding_of_an_unknown_kernel() -> None:
    k = symbol("k", 1)
    assert isinstance(windows.half_padding(k), Unknown)
    assert windows.half_padding(k, 2) == k - 1
    assert windows.half_padding(2 * k + 1) == k
    assert windows.half_padding(2 * k) is None


def test_ceil_mode_that_is_not_known() -> None:
    lost = Unknown("from a file")
    assert windows.pooled(30, 2, 2, ceil_mode=lost) == 15
    assert windows.pooled(31, 2, 2, ceil_mode=lost) == lost
    assert windows.pooled(2 * H, 2, 2, ceil_mode=lost) == H


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("kernel", [1, 2, 3, 5])
def test_transposed_same_and_valid(kernel: int, stride: int) -> None:
    """Keras's sizes are those of the convolution that they undo: the largest input that gives n."""
    n = 6
    same, valid = windows.transposed_same(n, stride), windows.transposed_valid(n, kernel, stride)
    assert (
        windows.same_size(same, stride)
        == n
        == windows.convolved(valid, kernel, stride) - max(0, -(kernel - stride) // stride)
    )
    assert less(windows.transposed_valid(H, kernel, stride), windows.transposed_same(H, stride)) is False


@pytest.mark.parametrize("size", [10**18, -5, 0, 10**40], ids=str)
@pytest.mark.parametrize("stride", [0, -2, 10**18], ids=str)
def test_absurd_numbers_raise_nothing(size: int, stride: int) -> None:
    for kernel, dilation in itertools.product((-3, 0, 10**18), repeat=2):
        results: list[Dim] = [
            windows.pooled(size, kernel, stride, -1, 10**18, dilation, True),
            windows.convolved(size, kernel, stride, dilation=dilation),
            windows.transposed(size, kernel, stride, dilation=dilation),
            *windows.same_padding(size, kernel, stride, dilation),
        ]
        assert all(isinstance(result, int | Unknown) and not isinstance(result, Expr) for result in results)
