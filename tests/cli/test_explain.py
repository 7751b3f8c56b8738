"""`padlint explain FILE:LINE`: one layer with every legal padding; torch is asked for each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch
from torch import nn

from tests.cli.conftest import Padlint

MODEL = """\
from torch import nn

# padlint: input=(N, 3, 32, 30)
model = nn.Sequential(
    {layer},
)
"""
LAYERS = {
    "odd": "nn.Conv2d(3, 8, 3, padding=1)",
    "even and strided": "nn.Conv2d(3, 8, 4, stride=2, padding=2)",
    "dilated": "nn.Conv2d(3, 3, 3, dilation=2, groups=3)",
    "by axis": "nn.Conv2d(3, 8, (3, 5), padding=(1, 2))",
    "reflected": "nn.Conv2d(3, 8, 5, padding=2, padding_mode='reflect')",
    "pool": "nn.MaxPool2d(3, 2, 1)",
    "average": "nn.AvgPool2d(4, 3, ceil_mode=True)",
    "transposed": "nn.ConvTranspose2d(3, 4, 4, 2, 1)",
    "transposed, padded": "nn.ConvTranspose2d(3, 4, 3, 3, 1, output_padding=1)",
}
_ROW = re.compile(r"    (padding=.+?)\s+-> (\d+) x (\d+)(?:\s+(.*))?")


@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS.keys())
def test_every_padding_gives_what_torch_gives(layer: str, padlint: Padlint, folder: Path) -> None:
    rows = explained(layer, padlint, folder)
    assert rows
    for text, (height, width) in rows.items():
        made = with_arguments(layer, text)
        assert tuple(made(torch.zeros(1, 3, 32, 30)).shape[2:]) == (height, width), text


@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS.keys())
def test_no_legal_padding_is_missing(layer: str, padlint: Padlint, folder: Path) -> None:
    rows = explained(layer, padlint, folder)
    module = eval(layer, {"nn": nn})
    kernel = module.kernel_size if isinstance(module.kernel_size, tuple) else (module.kernel_size,) * 2
    dilation = module.dilation if isinstance(getattr(module, "dilation", 1), tuple) else (1, 1)
    reach = max(d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True))
    for padding in range(reach):
        try:
            with_arguments(layer, f"padding={padding}")(torch.zeros(1, 3, 32, 30))
        except (RuntimeError, ValueError):
            continue
        assert any(re.match(rf"padding={padding}\b", text) for text in rows), padding


def with_arguments(layer: str, text: str) -> nn.Module:
    """The layer with other arguments for its padding."""
    module = eval(layer, {"nn": nn})
    name = type(module).__name__
    defaults = {"output_padding": 0} if "Transpose" in name else {"ceil_mode": False} if "Pool" in name else {}
    changes = {**defaults, **eval(f"dict({text})")}
    kept = ("in_channels", "out_channels", "kernel_size", "stride", "dilation", "groups", "padding_mode")
    arguments = {key: getattr(module, key) for key in kept if hasattr(module, key)}
    made: nn.Module = getattr(nn, name)(**{**arguments, **changes})
    return made


def explained(layer: str, padlint: Padlint, folder: Path) -> dict[str, tuple[int, int]]:
    """Each setting with the sizes that it is said to give."""
    (folder / "net.py").write_text(MODEL.format(layer=layer), encoding="utf-8")
    done = padlint("explain", "net.py:5", "--isolated")
    assert done.code == 0, done.err
    found: dict[str, tuple[int, int]] = {}
    for line in done.out.splitlines():
        if row := _ROW.fullmatch(line):
            for text in re.split(r" or (?=padding=)", row[1]):
                found[text] = (int(row[2]), int(row[3]))
    return found


def test_the_words_beside_the_paddings(padlint: Padlint, folder: Path) -> None:
    (folder / "net.py").write_text(MODEL.format(layer=LAYERS["even and strided"]), encoding="utf-8")
    out = padlint("explain", "net.py:5", "--isolated").out
    marks = {row[1]: row[4] for line in out.splitlines() if (row := _ROW.fullmatch(line))}
    assert marks["padding=0"] == "valid" and marks["padding=1"] == "same" and marks["padding=2"] == "now"
    assert out.splitlines()[0] == "net.py:5:5  Conv2d(kernel_size=4, stride=2, padding=2)"
    assert "  parameters: 392" in out and "(N, 3, 32, 30) -> (N, 8, 17, 16)" in out
    assert "window 1" in out and "Keras" in out


def test_what_no_number_does_is_said(padlint: Padlint, folder: Path) -> None:
    (folder / "net.py").write_text(MODEL.format(layer="nn.AvgPool2d(4, 1)"), encoding="utf-8")
    out = padlint("explain", "net.py:5", "--isolated").out
    assert "no number does it" in out and "explicit pads" in out


def test_each_binding_is_told_apart(padlint: Padlint, folder: Path) -> None:
    text = (
        "from torch import nn\n\n\ndef block(k):\n    return nn.Sequential(\n"
        "        nn.Conv2d(3, 8, k, padding=k // 2),\n    )\n\n\n"
        "net = nn.Sequential(block(3))\nother = nn.Sequential(block(4))\n"
    )
    (folder / "net.py").write_text(text, encoding="utf-8")
    out = padlint("explain", "net.py:6", "--isolated").out
    assert "with k=3" in out and "with k=4" in out


def test_a_layer_without_windows_has_sizes_and_parameters(padlint: Padlint, folder: Path) -> None:
    (folder / "net.py").write_text(MODEL.format(layer="nn.Linear(30, 7)"), encoding="utf-8")
    out = padlint("explain", "net.py:5", "--isolated").out
    assert "parameters: 217" in out and "(N, 3, 32, 30) -> (N, 3, 32, 7)" in out and "padding" not in out


MISTAKES = {
    "no layer": ("net.py:1", "net.py:1: no layer stands here; the nearest is on line 5"),
    "no line": ("net.py", "'net.py' must be FILE:LINE, such as models.py:41"),
    "no file": ("nowhere.py:3", "nowhere.py: no such file"),
    "a folder": (".:3", ".: is a folder, not a file"),
}


@pytest.mark.parametrize(("where", "complaint"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_one_line(where: str, complaint: str, padlint: Padlint, folder: Path) -> None:
    (folder / "net.py").write_text(MODEL.format(layer="nn.Conv2d(3, 8, 3)"), encoding="utf-8")
    done = padlint("explain", where, "--isolated")
    assert (done.code, done.out) == (2, "") and done.complaint == f"padlint: {complaint}"
