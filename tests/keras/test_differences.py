"""A wrong port is reported on the line that is wrong: each of these is a port with one mistake that people make."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from padlint.cli import main

from . import real

MISTAKES = {
    "mnist_cnn": ("nn.Conv2d(1, 32, kernel_size=3)", "nn.Conv2d(1, 32, kernel_size=3, padding=1)", "PAD401"),
    "mnist_mlp": ("nn.Linear(512, 512)", "nn.Linear(512, 512, bias=False)", "PAD403"),
    "lenet": ("nn.AvgPool2d(kernel_size=2)", "nn.MaxPool2d(kernel_size=2)", "PAD405"),
    "cifar": ("nn.Conv2d(32, 64, kernel_size=3, padding=1)", "nn.Conv2d(32, 64, kernel_size=3)", "PAD401"),
    "vgg_like": ("nn.BatchNorm2d(16, eps=0.001, momentum=0.01)", "nn.BatchNorm2d(16)", "PAD404"),
    "dcgan_generator": ("kernel_size=4, stride=2, padding=1, bias", "kernel_size=4, stride=2, bias", "PAD401"),
    "dcgan_critic": ("nn.LeakyReLU(0.2)", "nn.LeakyReLU()", "PAD405"),
    "autoencoder": ("nn.Conv2d(1, 32, kernel_size=3", "nn.Conv2d(1, 32, kernel_size=5", "PAD402"),
    "upsampling_autoencoder": ("nn.MaxPool2d(kernel_size=3)", "nn.MaxPool2d(kernel_size=3, stride=2)", "PAD402"),
    "dense_autoencoder": ("nn.Linear(784, 32)", "nn.Linear(784, 64)", "PAD403"),
    "time_series": ("nn.Conv1d(64, 64, kernel_size=3, padding=1)", "nn.Conv1d(64, 64, kernel_size=3)", "PAD401"),
    "eeg": ("(8, 16, kernel_size=(64, 1), groups=8, bias=False)", "(8, 16, kernel_size=(64, 1), groups=8)", "PAD403"),
    "volumes": ("nn.AvgPool3d(kernel_size=2)", "nn.MaxPool3d(kernel_size=2)", "PAD405"),
    "separable": ("(16, 16, kernel_size=3, padding=1, groups=16", "(16, 16, kernel_size=3, groups=16", "PAD401"),
    "mobilenet_like": ("nn.ReLU6()", "nn.ReLU()", "PAD405"),
    "odd_pools": ('kernel_size=2, padding="same"', "kernel_size=2, padding=1", "PAD401"),
    "channels_first": ("nn.BatchNorm2d(8, eps=0.001, momentum=0.01)", "nn.BatchNorm2d(8, eps=0.001)", "PAD404"),
    "dilated": ("kernel_size=3, padding=(4, 2), dilation=(4, 2)", "kernel_size=3, padding=1, dilation=(4, 2)", "PAD401"),
    "norms": ("nn.BatchNorm2d(4, eps=1e-05, momentum=0.1)", "nn.BatchNorm2d(4, eps=1e-3, momentum=0.1)", "PAD404"),
    "super_resolution": ("kernel_size=3, stride=3)", "kernel_size=3, stride=3, padding=1)", "PAD401"),
    "text_cnn": ("nn.Linear(25, 25)", "nn.Linear(25, 20)", "PAD403"),
    "volume_decoder": ("kernel_size=4, stride=2, padding=1)", "kernel_size=4, stride=2)", "PAD401"),
    "series_autoencoder": ("nn.ConvTranspose1d(32, 1, kernel_size=7, padding=3)", "nn.ConvTranspose1d(32, 1, 7)", "PAD401"),
    "speech": ("nn.Softplus()", "nn.ReLU()", "PAD405"),
    "wavenet_like": ("nn.ConstantPad1d((8, 0), 0.0)", "nn.ConstantPad1d((4, 4), 0.0)", "PAD204"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_one_mistake_is_one_finding_on_its_line(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = real.MODELS / f"{name}.py"
    assert main(["port", f"{path}:model"]) == 0
    right = capsys.readouterr().out
    old, new, code = MISTAKES[name]
    assert old in right, right
    file = tmp_path / "wrong.py"
    file.write_text(right.replace(old, new, 1), encoding="utf-8")
    line = right[: right.index(old)].count("\n") + 1
    options = ["--isolated", "--no-cache", "--select=PAD4,PAD204", "--output-format=json", f"--keras={path}:model"]
    main(["check", *options, str(file)])
    found = [(each["code"], each["start"]["line"]) for each in json.loads(capsys.readouterr().out)]
    if name == "wavenet_like":  # the pad layer belongs to the convolution behind it
        line += 1
    assert found == [(code, line)]
