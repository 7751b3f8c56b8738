"""`padlint solve`: what it prints is what torch does."""

from __future__ import annotations

import re

import pytest
import torch
from torch import nn

from tests.cli.conftest import Padlint


def numbers(text: str, layer: str) -> list[dict[str, int | bool]]:
    """The settings that are listed for a kind of layer, as keyword arguments."""
    part = text.partition(f"{layer}:\n")[2]
    found: list[dict[str, int | bool]] = []
    for line in part.splitlines():
        if not line.startswith("  "):
            break
        match = re.fullmatch(r"  padding=(\d+)(?:, output_padding=(\d+))?(, ceil_mode=True)?", line)
        if match:
            setting: dict[str, int | bool] = {"padding": int(match[1])}
            if match[2]:
                setting["output_padding"] = int(match[2])
            if match[3]:
                setting["ceil_mode"] = True
            found.append(setting)
    return found


def test_the_formula_of_the_story(padlint: Padlint) -> None:
    odd = padlint("solve", "--input", "30", "--kernel", "3", "--same")
    assert odd.code == 0
    assert numbers(odd.out, "convolution") == [{"padding": 1}]
    even = padlint("solve", "--input", "30", "--kernel", "4", "--same")
    assert numbers(even.out, "convolution") == []
    assert "no number does it" in even.out
    assert "explicit pads: (1, 2) does" in even.out
    x = torch.zeros(1, 1, 30)
    assert nn.Conv1d(1, 1, 4)(nn.functional.pad(x, (1, 2))).shape == x.shape


def test_the_search_of_the_story(padlint: Padlint) -> None:
    done = padlint("solve", "--input", "30", "--kernel", "3", "--stride", "2", "--output", "15")
    x = torch.zeros(1, 1, 30)
    convolutions = [{"padding": p} for p in range(40) if nn.Conv1d(1, 1, 3, 2, p)(x).shape[-1] == 15]
    pools = [
        {"padding": p, **({"ceil_mode": True} if mode else {})}
        for mode in (False, True)
        for p in range(2)
        if nn.MaxPool1d(3, 2, p, ceil_mode=mode)(x).shape[-1] == 15
    ]
    assert numbers(done.out, "convolution") == convolutions
    assert numbers(done.out, "pooling") == pools


def test_transposed(padlint: Padlint) -> None:
    done = padlint("solve", "--input", "7", "--kernel", "5", "--stride", "3", "--same", "--layer", "transposed")
    found = numbers(done.out, "transposed convolution")
    assert found
    for setting in found:
        layer = nn.ConvTranspose1d(1, 1, 5, 3, **setting)  # type: ignore[arg-type]
        assert layer(torch.zeros(1, 1, 7)).shape[-1] == 21


def test_axes_and_ranges(padlint: Padlint) -> None:
    done = padlint("solve", "--input", "30x40", "--kernel", "3x5", "--same")
    assert "  padding=(1, 2)\n" in done.out
    done = padlint("solve", "--input", "27..64", "--kernel", "4", "--stride", "2", "--same", "--layer", "convolution")
    assert "padding=1 gives 13..32, right only when the input is even" in done.out


def test_nothing_does_it_is_exit_code_1(padlint: Padlint) -> None:
    done = padlint("solve", "--input", "2", "--kernel", "3", "--valid")
    assert done.code == 1
    assert "no number does it: the window reaches over 3 elements, more than the input of 2" in done.out


@pytest.mark.parametrize("words", ["--stride 2 --same", "--valid", "--stride 3 --output 99", "--dilation 2 --same"])
def test_pictures_are_drawn_and_each_once(padlint: Padlint, words: str) -> None:
    done = padlint("solve", "--input", "9", "--kernel", "3", *words.split(), "--picture")
    pictures = done.out.split("\n\n")[1:]
    assert pictures
    assert len(set(pictures)) == len(pictures)


def test_keras_stands_above_torch_where_they_differ(padlint: Padlint) -> None:
    done = padlint("solve", "--input", "6", "--kernel", "3", "--stride", "2", "--same", "--picture")
    above, below = done.out.split("\n\n")[1:]
    assert above.splitlines()[:3] == ["Keras", "input     oooooo.", "window 1  ###"]
    assert below.splitlines()[:3] == ["torch, padding=1", "input    .oooooo.", "window 1 ###"]
