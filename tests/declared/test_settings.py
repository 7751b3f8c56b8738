"""Keys of the configuration and options that fit no model are told; a key for another file is not wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from padlint.cli import main

NET = (
    "from torch import nn\n\n\nclass Net(nn.Module):\n    def __init__(self, w=8, p=2):\n        super().__init__()\n"
    "        self.features = nn.Sequential(nn.Conv2d(3, w, 5, padding=p), nn.ReLU())\n\n"
    "    def forward(self, x):\n        return self.features(x)\n\n\ndef build(p):\n    return Net(4, p)\n\n\n"
    "model = build({p})\n"
)
REFERENCE = (
    "import keras\nfrom keras import layers\n\nmodel = keras.Sequential("
    "[layers.Input((32, 32, 3)), layers.Conv2D(4, 5, padding='same', activation='relu')])\n"
)
OTHER = "from net import Net\n\nnet = Net(4, 2)\n"
FITS = {
    "net:Net": "class",
    "net:build": "function",
    "net:model": "variable",
    "net:Net.features": "attribute",
    "*:Net": "glob",
}


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.py").write_text(NET.format(p=2), encoding="utf-8")
    (tmp_path / "main.py").write_text(OTHER, encoding="utf-8")
    (tmp_path / "reference.py").write_text(REFERENCE, encoding="utf-8")
    return tmp_path


def checked(capsys: pytest.CaptureFixture[str], *arguments: str, models: str = "") -> tuple[int, str]:
    Path("padlint.toml").write_text(models, encoding="utf-8")
    code = main(["check", "--no-cache", *arguments])
    return code, capsys.readouterr().err


@pytest.mark.parametrize(
    "key", ("input = [3, 32, 32]\noutput = [4, 32, 32]", 'intent = "same"', 'keras = "reference.py:model"')
)
@pytest.mark.parametrize("pattern", FITS)
def test_a_key_counts_for_what_it_names(
    pattern: str, key: str, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    models = f'[models."{pattern}"]\n{key}\n'
    code, err = checked(capsys, "net.py", models=models)
    assert code == 0 and "models" not in err
    (files / "net.py").write_text(NET.format(p=1), encoding="utf-8")
    code, err = checked(capsys, "net.py", models=models)
    assert code == 1 and "models" not in err


@pytest.mark.parametrize(
    ("pattern", "named", "told"),
    [
        ("net:Nte", ["net.py"], True),
        ("net:Nte", ["net.py", "main.py"], True),
        ("net:Nte", ["main.py"], False),
        ("nte:Net", ["main.py"], True),
        ("*:Nte", ["net.py"], False),
        ("*:Nte", ["."], True),
        ("net:Net", ["main.py"], False),
    ],
)
def test_a_key_that_fits_no_model_is_told(
    pattern: str, named: list[str], told: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    code, err = checked(capsys, *named, models=f'[models."{pattern}"]\nintent = "same"\n')
    assert code == 0
    assert (f'models."{pattern}" fits no model' in err) == told


def test_an_output_that_a_key_states_of_no_module_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    code, err = checked(capsys, "net.py", models='[models."net:Net"]\ninput = [[3, 32, 32], [4]]\n')
    assert code == 0
    assert 'models."net:Net".input says nothing: the forward of Net takes 1 inputs' in err or "input" not in err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--input", "3,32,32", "net.py"], ""),
        (["--input", "1,32,32", "net.py"], "--input (N, 1, 32, 32): no model"),
        (["--keras", "reference.py:model", "net.py"], ""),
        (["--keras", "reference.py:model", "reference.py"], "keras reference.py:model: the files"),
    ],
)
def test_an_option_that_fits_no_model_is_told(
    options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, err = checked(capsys, *options)
    assert code == 0
    assert told in err and (told or err.count("\n") == 1)


@pytest.mark.parametrize("option", (["--input", "3,32,32"], ["--keras", "reference.py:model"]))
def test_an_option_is_for_a_model_that_the_file_makes(
    option: list[str], files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = NET.format(p=1).replace("nn.ReLU())", "nn.ReLU(), nn.Conv2d(5, 4, 1))")
    for use in ("model = build(1)", "def main():\n    net = build(1)\n    print(net)\n\n\nmain()"):
        (files / "net.py").write_text(wrong.replace("model = build(1)", use), encoding="utf-8")
        assert checked(capsys, *option, "net.py")[0] == 1
