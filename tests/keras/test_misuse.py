"""What cannot be ported is one clear line and exit code 2, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from padlint.cli import main

HEAD = "from keras import Sequential, layers\nimport keras\n"
CASES = {
    "no input shape": ("model = Sequential([layers.Conv2D(3, 3)])\n", ":model", "no input shape"),
    "a Lambda": ("model = Sequential([layers.Input((3,)), layers.Lambda(abs)])\n", ":model", "example.py:3"),
    "a layer of one's own": (
        "class Own(layers.Layer):\n    pass\n\n\nmodel = Sequential([layers.Input((3,)), Own()])\n",
        ":model",
        "example.py",
    ),
    "a layer that torch has not": (
        "model = Sequential([layers.Input((3, 4)), layers.LSTM(3, recurrent_dropout=0.2)])\n",
        ":model",
        "example.py:3: cannot port LSTM 'lstm': torch has no dropout",
    ),
    "two models": (
        "a = Sequential([layers.Input((3,)), layers.Dense(2)])\nb = Sequential([layers.Input((3,)), layers.Dense(2)])\n",
        "",
        "a, b",
    ),
    "no such name": ("model = Sequential([layers.Input((3,)), layers.Dense(2)])\n", ":modell", "'model'"),
    "not a model": ("model = 3\n", ":model", "no Keras model"),
    "no model at all": ("x = 3\n", "", "no Keras model"),
    "two ways": (
        "i = keras.Input((3,))\na = layers.Dense(3)(i)\nmodel = keras.Model(i, layers.Add()([a, i]))\n",
        ":model",
        "example.py",
    ),
    "nothing left": ("model = Sequential([layers.Input((3, 3, 1)), layers.Conv2D(2, 5)])\n", ":model", "Conv2D"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_cannot_be_ported(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, name, said = CASES[case]
    file = tmp_path / "example.py"
    file.write_text(HEAD + text, encoding="utf-8")
    assert main(["port", f"{file}{name}"]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.count("\n") == 1
    assert said in output.err


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["port", f"{tmp_path}/none.py:model"]) == 2
    output = capsys.readouterr()
    assert (output.out, output.err.count("\n")) == ("", 1)


def test_a_file_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bytes.py"
    file.write_bytes(b"\xff\xfe\x00broken\x80")
    assert main(["port", f"{file}:model"]) == 2
    output = capsys.readouterr()
    assert (output.out, output.err.count("\n")) == ("", 1)


def test_a_reference_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "net.py"
    file.write_text("from torch import nn\n\nnet = nn.Sequential(nn.Linear(3, 2))\n", encoding="utf-8")
    assert main(["check", "--isolated", "--no-cache", "--keras=none.py:model", str(file)]) == 2
    output = capsys.readouterr()
    assert (output.out, output.err.count("\n")) == ("", 1)
