"""The picture: what a person counts in it is what torch computes."""

from __future__ import annotations

import itertools

import pytest
import torch
from torch import nn

from padlint.arithmetic.picture import Sliding, draw_above, draw_windows


def test_symmetric_padding() -> None:
    assert draw_windows(6, 1, 1, 3, 2).splitlines() == [
        "input    .oooooo.",
        "window 1 ###",
        "window 2   ###",
        "window 3     ###",
    ]


def test_dilation_leaves_holes() -> None:
    assert draw_windows(5, 0, 0, 2, 1, dilation=3).splitlines() == [
        "input    ooooo",
        "window 1 #--#",
        "window 2  #--#",
    ]


def test_ceil_mode_reaches_over_the_end() -> None:
    assert draw_windows(5, 0, 0, 2, 2, ceil_mode=True).splitlines() == [
        "input    ooooo",
        "window 1 ##",
        "window 2   ##",
        "window 3     ##",
    ]


def test_keras_above_torch_shows_the_shift() -> None:
    keras, ours = Sliding(6, 0, 1, 3, 2), Sliding(6, 1, 1, 3, 2)
    assert draw_above("Keras 'same'", keras, "torch padding=1", ours).splitlines() == [
        "Keras 'same'",
        "input     oooooo.",
        "window 1  ###",
        "window 2    ###",
        "window 3      ###",
        "",
        "torch padding=1",
        "input    .oooooo.",
        "window 1 ###",
        "window 2   ###",
        "window 3     ###",
    ]


def test_no_window() -> None:
    lines = draw_windows(3, 0, 0, 5, 1).splitlines()
    assert lines[1].endswith("no window fits: it reaches over 5, and the padded input has 3")


@pytest.mark.parametrize("ceil_mode", [False, True], ids=["floor", "ceil"])
def test_each_window_reads_what_torch_reads(ceil_mode: bool) -> None:
    """Max pooling with indices tells which elements a window reads: raise one element at a time."""
    for k, s, d, p in itertools.product((2, 3, 4), (1, 2, 3), (1, 2), (0, 1)):
        n = 9
        reads = nn.MaxPool1d(k, s, p, d, ceil_mode=ceil_mode)(torch.eye(n).unsqueeze(1))[:, 0].T  # window, element
        rows = draw_windows(n, p, p, k, s, d, ceil_mode).splitlines()
        start = rows[0].index("o")
        windows = [row.ljust(start + n)[start : start + n] for row in rows[1:] if row.startswith("window")]
        if len(windows) == len(reads):
            drawn = [[mark == "#" for mark in window] for window in windows]
            assert drawn == (reads > 0).tolist(), (k, s, d, p)
        else:
            assert "..." in rows
            assert len(windows) == 8


@pytest.mark.parametrize(
    ("n", "lo", "hi", "kernel", "stride", "dilation"),
    [(1000, 1, 1, 3, 2, 1), (10**18, 10**17, 5, 3, 2, 7), (70, 0, 0, 500, 1, 1), (10**18, 3, 3, 10**17, 10**9, 5)],
)
def test_long_inputs_stay_small(n: int, lo: int, hi: int, kernel: int, stride: int, dilation: int) -> None:
    lines = draw_windows(n, lo, hi, kernel, stride, dilation).splitlines()
    assert len(lines) <= 12
    assert max(map(len, lines)) <= 110
    assert " ... " in lines[0]
