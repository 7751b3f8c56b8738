"""How a Keras reference may be named, and what is said of one that cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from padlint.cli import main

KERAS = (
    "import keras\nfrom keras import Sequential, layers\n\nx = 3\n"
    "model = Sequential([layers.Input((8, 8, 3)), layers.Conv2D(4, 3)])\n"
    "shapeless = Sequential([layers.Conv2D(4, 3)])\n"
    "i = keras.Input((8, 8, 3))\nbranching = keras.Model(i, layers.Add()([i, layers.ReLU()(i)]))\n\n\n"
    "class Own(keras.Model):\n    pass\n\n\nown = Own()\n"
)
PORT = "from torch import nn\n\n{comment}net = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1))\nbad = nn.MaxPool2d(2, padding=2)\n"
WRONG = {
    "none.py:model": "none.py: no such file",
    "reference.py:modle": "there is no 'modle'; did you mean 'model'?",
    "reference.py:x": "'x' is no Keras model",
    "reference.py:own": "'own' is no Keras model",
    "reference.py:shapeless": "'shapeless' has no input shape",
    "reference.py:branching": "'branching' cannot be read: a model that is not one chain of layers",
}


@pytest.fixture
def port(tmp_path: Path) -> Path:
    (tmp_path / "reference.py").write_text(KERAS, encoding="utf-8")
    return tmp_path / "net.py"


def checked(port: Path, comment: str, *options: str) -> int:
    port.write_text(PORT.format(comment=comment), encoding="utf-8")
    return main(["check", "--no-cache", "--output-format=json", *options, str(port)])


@pytest.mark.parametrize("named", WRONG)
def test_a_comment_that_names_nothing_is_a_finding_and_the_run_goes_on(
    named: str, port: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checked(port, f"# padlint: keras={named}\n", "--isolated") == 1
    wrong, other = json.loads(capsys.readouterr().out)
    assert (wrong["code"], wrong["start"]["line"]) == ("PAD002", 3)
    assert WRONG[named] in wrong["message"]
    assert (other["code"], other["start"]["line"]) == ("PAD103", 5)


@pytest.mark.parametrize("named", WRONG)
@pytest.mark.parametrize("where", ("option", "models", "keras"))
def test_an_option_or_setting_that_names_nothing_ends_the_run(
    where: str, named: str, port: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = {"models": f'[models."net:net"]\nkeras = "{named}"\n', "keras": f'keras = "{named}"\n', "option": ""}
    (port.parent / "padlint.toml").write_text(tables[where], encoding="utf-8")
    options = [f"--keras={port.parent / named}"] if where == "option" else []
    assert checked(port, "", *options) == 2
    output = capsys.readouterr()
    assert (output.out, output.err.count("\n")) == ("", 1)
    assert WRONG[named] in output.err


def test_the_configuration_names_a_reference_for_one_model(port: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (port.parent / "padlint.toml").write_text('[models."net:net"]\nkeras = "reference.py:model"\n', encoding="utf-8")
    assert checked(port, "") == 1
    found = [(each["code"], each["start"]["line"]) for each in json.loads(capsys.readouterr().out)]
    assert found == [("PAD401", 3), ("PAD103", 4)]
    (port.parent / "padlint.toml").write_text('[models."net:other"]\nkeras = "none.py:model"\n', encoding="utf-8")
    assert checked(port, "") == 1
    assert [each["code"] for each in json.loads(capsys.readouterr().out)] == ["PAD103"]


def test_behind_a_permute_the_axes_of_a_port_are_not_those_of_keras(
    port: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (port.parent / "reference.py").write_text(
        "from keras import Sequential, layers\n\n"
        "model = Sequential([layers.Input((8, 9, 3)), layers.Permute((2, 3, 1)), layers.BatchNormalization(axis=2)])\n",
        encoding="utf-8",
    )
    port.write_text("from torch import nn\n\nnet = nn.Sequential(nn.BatchNorm2d(3, 1e-3, 0.01))\n", encoding="utf-8")
    options = ["--isolated", "--no-cache", "--output-format=json", f"--keras={port.parent / 'reference.py'}:model"]
    assert main(["check", *options, str(port)]) == 0
    assert json.loads(capsys.readouterr().out) == []
