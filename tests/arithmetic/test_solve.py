"""`solve` against torch: every setting that torch accepts and that gives the wanted size, and no other."""

from __future__ import annotations

import itertools
import time

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from padlint.arithmetic.question import Answer, Axis, Kind, Question, Run, Setting, Want
from padlint.arithmetic.solve import solve
from tests.profiles import examples

MOST = 14
"""No padding above this gives an output of 8 or less from these kernels and strides."""


def torch_size(layer: Kind, axis: Axis, n: int, setting: Setting) -> int | None:
    """What torch gives; None where it refuses to build the layer or to run it."""
    k, s, d, p = axis.kernel, axis.stride, axis.dilation, setting.padding
    try:
        if layer == "convolution":
            return int(nn.Conv1d(1, 1, k, s, p, d)(torch.zeros(1, 1, n)).shape[-1])
        if layer == "pooling":
            return int(nn.MaxPool1d(k, s, p, d, ceil_mode=setting.ceil_mode)(torch.zeros(1, 1, n)).shape[-1])
        return int(
            nn.ConvTranspose1d(1, 1, k, s, p, setting.output_padding, dilation=d)(torch.zeros(1, 1, n)).shape[-1]
        )
    except (RuntimeError, ValueError):
        return None


def all_settings(layer: Kind) -> list[Setting]:
    outputs = range(5) if layer == "transposed" else range(1)
    modes = (False, True) if layer == "pooling" else (False,)
    return [Setting(p, o, mode) for p, o, mode in itertools.product(range(MOST + 1), outputs, modes)]


def wanted(layer: Kind, want: Want, axis: Axis, n: int) -> int:
    reach = axis.dilation * (axis.kernel - 1) + 1
    if want == "output":
        assert axis.output is not None
        return axis.output
    if layer == "transposed":
        return n * axis.stride + (0 if want == "same" else max(reach - axis.stride, 0))
    return -(-n // axis.stride) if want == "same" else (n - reach) // axis.stride + 1


def offered(runs: tuple[Run, ...]) -> set[Setting]:
    return {setting for run in runs for setting in run}


WINDOWS = [*itertools.product((1, 2, 3, 4, 5), (1, 2, 3), (1, 2))]


@pytest.mark.parametrize("layer", ["convolution", "pooling", "transposed"])
@pytest.mark.parametrize(("kernel", "stride", "dilation"), WINDOWS)
def test_complete_and_exact(layer: Kind, kernel: int, stride: int, dilation: int) -> None:
    for n in (1, 4, 7):
        base = Axis(n, n, kernel, stride, dilation)
        sizes = {setting: torch_size(layer, base, n, setting) for setting in all_settings(layer)}
        questions: list[tuple[Want, int | None]] = [
            ("same", None),
            ("valid", None),
            *(("output", m) for m in (1, 2, 5, 8)),
        ]
        for want, size in questions:
            axis = Axis(n, n, kernel, stride, dilation, size)
            answer = solve(Question(layer, want, (axis,)))
            target = wanted(layer, want, axis, n)
            right = {setting for setting, given_size in sizes.items() if given_size == target}
            if want == "valid":
                right = {setting for setting in right if setting.padding == 0}
            found = offered(answer.shared)
            assert {setting for setting in found if setting.padding <= MOST and setting.output_padding < 5} == right
            assert found or answer.reason
            for near in answer.axes[0].nearest:
                assert sizes[near.setting] == near.outputs[0] == near.outputs[1] != target


def window_size(axis: Axis, n: int, lo: int, hi: int, ceil_mode: bool) -> int:
    """torch's formula, that the tests of the windows hold against torch."""
    reach = axis.dilation * (axis.kernel - 1) + 1
    size = (n + lo + hi - reach + (axis.stride - 1 if ceil_mode else 0)) // axis.stride + 1
    return size - 1 if ceil_mode and (size - 1) * axis.stride >= n + lo else size


axes = st.builds(
    lambda low, more, k, s, d, m: Axis(low, low + more, k, s, d, m),
    st.integers(1, 40),
    st.integers(0, 40),
    st.integers(1, 8),
    st.integers(1, 6),
    st.integers(1, 3),
    st.integers(1, 25),
)


@examples(500)
@given(axes, st.sampled_from(["convolution", "pooling"]), st.sampled_from(["same", "valid", "output"]))
def test_ranges_of_inputs(axis: Axis, layer: Kind, want: Want) -> None:
    inputs = range(axis.smallest, axis.largest + 1)
    modes = (False, True) if layer == "pooling" else (False,)
    answer = solve(Question(layer, want, (axis,)))
    (one,) = answer.axes
    targets = {n: wanted(layer, want, axis, n) for n in inputs}
    most = 0 if want == "valid" else axis.kernel // 2 if layer == "pooling" else 100
    right = {
        Setting(p, 0, mode)
        for p in range(most + 1)
        for mode in modes
        if all(window_size(axis, n, p, p, mode) == targets[n] >= 1 for n in inputs)
    }
    assert offered(one.runs) == right
    assert (one.reason is None) == bool(right)
    if want != "valid":
        totals = {(total, pads.ceil_mode) for pads in one.pads for total in pads.totals}
        assert totals == {
            (total, mode)
            for total in range(200)
            for mode in modes
            if all(window_size(axis, n + total, 0, 0, mode) == targets[n] >= 1 for n in inputs)
        }
    for near in one.nearest:
        ends = [
            window_size(axis, n, near.setting.padding, near.setting.padding, near.setting.ceil_mode) for n in inputs
        ]
        assert near.outputs == (ends[0], ends[-1])
        assert ends != list(targets.values())
        assert near.setting.padding <= (axis.kernel // 2 if layer == "pooling" else 100)


@examples(200)
@given(axes, st.sampled_from(["same", "valid", "output"]))
def test_ranges_of_inputs_transposed(axis: Axis, want: Want) -> None:
    inputs = range(axis.smallest, axis.largest + 1)
    reach = axis.dilation * (axis.kernel - 1) + 1
    right = {
        Setting(p, o)
        for p in range(1 if want == "valid" else 300)
        for o in range(max(axis.stride, axis.dilation))
        if all((n - 1) * axis.stride - 2 * p + reach + o == wanted("transposed", want, axis, n) for n in inputs)
    }
    assert offered(solve(Question("transposed", want, (axis,))).shared) == right


@examples(150)
@given(st.lists(axes, min_size=2, max_size=3), st.sampled_from(["convolution", "pooling", "transposed"]))
def test_one_number_for_all_axes(several: list[Axis], layer: Kind) -> None:
    answer = solve(Question(layer, "same", tuple(several)))
    each = [offered(one.runs) for one in answer.axes]
    assert offered(answer.shared) == set.intersection(*each)
    modes = set.intersection(*({setting.ceil_mode for setting in found} for found in each))
    assert (answer.reason is None) == bool(modes)


@examples(150)
@given(axes)
def test_alignment_with_keras(axis: Axis) -> None:
    """SAME_UPPER's pads from their definition, where one pair serves all sizes."""
    reach = axis.dilation * (axis.kernel - 1) + 1
    totals = [
        max(0, (-(-n // axis.stride) - 1) * axis.stride + reach - n) for n in range(axis.smallest, axis.largest + 1)
    ]
    pairs = {(total // 2, total - total // 2) for total in totals}
    (one,) = solve(Question("convolution", "same", (axis,))).axes
    assert one.upper == (next(iter(pairs)) if len(pairs) == 1 else None)
    los = {lo for lo, _ in pairs}
    assert one.lo == (los.pop() if len(los) == 1 else None)


def ask(layer: Kind, want: Want, *asked: Axis) -> Answer:
    return solve(Question(layer, want, asked))


def test_odd_kernel_is_one_number() -> None:
    answer = ask("convolution", "same", Axis(30, 30, 3))
    assert offered(answer.shared) == {Setting(1)}
    assert answer.string == "same"
    assert answer.axes[0].upper == (1, 1)


def test_even_kernel_is_no_single_number() -> None:
    answer = ask("convolution", "same", Axis(30, 30, 4))
    assert not answer.shared
    assert answer.reason == "both sides together must get 3, and one number gives both the same"
    assert answer.axes[0].upper == (1, 2)
    assert answer.string == "same"
    assert [(near.setting.padding, near.outputs[0]) for near in answer.axes[0].nearest] == [(1, 29), (2, 31)]


def test_the_search_of_the_story() -> None:
    assert offered(ask("convolution", "output", Axis(30, 30, 3, 2, 1, 15)).shared) == {Setting(1)}
    assert offered(ask("pooling", "output", Axis(30, 30, 3, 2, 1, 15)).shared) == {
        Setting(1),
        Setting(0, ceil_mode=True),
    }


def test_two_axes() -> None:
    answer = ask("convolution", "same", Axis(30, 30, 3), Axis(40, 40, 5))
    assert [offered(one.runs) for one in answer.axes] == [{Setting(1)}, {Setting(2)}]
    assert answer.shared == ()
    assert answer.reason is None
    assert answer.string == "same"


@pytest.mark.parametrize(
    ("layer", "want", "axis", "reason"),
    [
        ("convolution", "valid", Axis(3, 3, 5), "the window reaches over 5 elements, more than the input of 3"),
        (
            "pooling",
            "output",
            Axis(30, 30, 3, 2, 1, 40),
            "it would take padding=26, and torch takes at most kernel_size // 2 = 1",
        ),
        (
            "convolution",
            "output",
            Axis(30, 30, 3, 1, 1, 20),
            "without any padding the output is already 28, more than 20",
        ),
        (
            "convolution",
            "same",
            Axis(28, 64, 4, 3),
            "an input of 28 needs padding=2 or more, and one of 30 bears at most 1",
        ),
        (
            "pooling",
            "same",
            Axis(28, 30, 4, 4, 3),
            "for an input of 28 without ceil_mode, it would take padding=3, and torch takes at most kernel_size // 2 = 2",
        ),
        (
            "transposed",
            "output",
            Axis(5, 5, 3, 2, 1, 20),
            "the output is at most 12: output_padding must be below max(stride, dilation)",
        ),
        ("transposed", "output", Axis(5, 6, 3, 2, 1, 12), "inputs from 5 to 6 give outputs of different sizes"),
        (
            "transposed",
            "same",
            Axis(5, 5, 2),
            "1 must go from both ends together, and padding takes as much from each",
        ),
        ("convolution", "same", Axis(30, 30, 0), "kernel_size must be at least 1, not 0"),
        ("convolution", "same", Axis(0, 3, 3), "the input size must be at least 1, not 0"),
        ("pooling", "same", Axis(9, 9, 3, -1), "stride must be at least 1, not -1"),
        ("convolution", "same", Axis(9, 4, 3), "the input sizes 9..4 are an empty range"),
        ("convolution", "output", Axis(9, 9, 3), "the wanted output is missing"),
        (
            "transposed",
            "same",
            Axis(10**18, 10**18, 3, 10**9),
            "the sizes are larger than torch's largest, 2**63 - 1",
        ),
    ],
)
def test_why_it_is_impossible(layer: Kind, want: Want, axis: Axis, reason: str) -> None:
    answer = ask(layer, want, axis)
    assert answer.reason == reason
    assert answer.shared == ()


def test_the_axes_need_different_ceil_modes() -> None:
    answer = ask("pooling", "output", Axis(5, 5, 2, 2, 1, 2), Axis(5, 5, 1, 2, 1, 3), Axis(6, 6, 4, 4, 1, 2))
    assert [{setting.ceil_mode for setting in offered(one.runs)} for one in answer.axes] == [
        {False},
        {False, True},
        {False, True},
    ]
    assert answer.reason is None
    answer = ask("pooling", "output", Axis(5, 5, 2, 2, 1, 2), Axis(1, 1, 4, 2, 1, 2))
    assert [{setting.ceil_mode for setting in offered(one.runs)} for one in answer.axes] == [{False}, {True}]
    assert answer.reason == "one axis needs ceil_mode=True and another ceil_mode=False"


def test_what_serves_a_part_of_the_range_is_said() -> None:
    answer = ask("convolution", "same", Axis(28, 64, 4, 3))
    assert [(near.setting.padding, near.words) for near in answer.axes[0].nearest] == [
        (1, "only when the input % 3 is not 1"),
        (2, "only when the input is not a multiple of 3"),
    ]


ABSURD = (-(10**18), 0, 1, 2, 3, 7, 10**9 + 7, 2**62, 10**18, 10**40)


@examples(500)
@given(
    st.sampled_from(["convolution", "pooling", "transposed"]),
    st.sampled_from(["same", "valid", "output"]),
    st.tuples(*[st.sampled_from(ABSURD) | st.integers(-(2**70), 2**70)] * 6),
)
def test_absurd_questions_are_answered_fast(
    layer: Kind, want: Want, numbers: tuple[int, int, int, int, int, int]
) -> None:
    low, high, kernel, stride, dilation, size = numbers
    start = time.process_time()
    answer = ask(layer, want, Axis(min(low, high), max(low, high), kernel, stride, dilation, size))
    assert time.process_time() - start < 2  # a millisecond is usual; a search that follows the numbers never ends
    assert answer.shared or answer.reason
