"""Directives that cannot count say why: a mistake of the author is a warning, what was not understood a note."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from padlint.cli import main
from padlint.errors import UsageError
from padlint.evaluate import budget
from padlint.syntax.comments import parse_comment

HEAD = "import torch\nfrom torch import nn\n\n"
NET = (
    "class Net(nn.Module):\n    def __init__(self, i=3, w=8):\n        super().__init__()\n"
    "        self.c = nn.Conv2d(i, w, 3, padding=1)\n\n    def forward(self, x, mask=None):\n        return self.c(x)\n"
)
IN = "# padlint: input=(N, 3, 8, 8)\n"

SAYS_NOTHING = {
    "a layer without windows": ("relu = nn.ReLU()  # padlint: same\n", "ReLU has no window"),
    "a list of modules": ("all = nn.ModuleList([nn.ReLU()])  # padlint: input=(N, 3)\n", "a ModuleList is not called"),
    "a number": ("x = 5  # padlint: same\n", "nothing is made here"),
    "a tensor": (
        f"{NET}\n\nnet = Net()\ny = net(torch.zeros(1, 3, 8, 8))  # padlint: out=(1, 8, 8, 8)\n",
        "gives a tensor",
    ),
    "a parameter that forward has not": (
        f"# padlint: input[msk]=(N, 3)\n{NET}",
        "has no parameter 'msk': it has x, mask",
    ),
    "a class that takes no such input": (f"{IN}{NET}\n\nnet = Net(1)\n", "takes 1 channels, gets 3"),
    "two models": (f"{NET}\n\na, b = Net(), Net(3)  {IN}", "it gives several modules (Net, Net)"),
    "said twice": ("# padlint: same\nnet = nn.Conv2d(3, 8, 3, padding=1)  # padlint: valid\n", "says same already"),
    "a helper of tensors": (
        f"{IN}def crop(x):\n    return x[:, :, 1:]\n\n\n{NET.replace('self.c(x)', 'crop(self.c(x))')}",
        "tensor",
    ),
    "Keras": ("import keras\n\nnet = keras.Sequential([keras.layers.Dense(3)])  # padlint: same\n", "it is Keras's"),
}
NOT_JUDGED = {
    "a false condition": "if False:\n    net = nn.Conv2d(3, 8, 3)  # padlint: same\n",
    "something unknown": f"import other\n\n{NET}\n\nnet = other.wrap(Net())  # padlint: out=(N, 8, 8, 8)\n",
    "a class of an unknown base": "from other import Base\n\n\n# padlint: same\nclass Net(Base):\n    c = nn.ReLU()\n",
    "several outputs": "net = nn.LSTM(3, 4)  # padlint: out=(5, N, 4)\n",
}
COUNTS = {
    "two instances, one of which takes it": f"{IN}{NET}\n\na, b = Net(), Net(1)\n",
    "a word that is overruled inside": "# padlint: same\nnet = nn.Sequential(\n    nn.Conv2d(3, 8, 3),  # padlint: valid\n)\n",
    "sizes that may fit": "# padlint: input=(N, 3, H, W), same\nnet = nn.Sequential(nn.MaxPool2d(2))\n",
    "a second input": f"# padlint: input=(N, 3, 8, 8), input[mask]=(N, 8)\n{NET}",
    "several layers in a row": "x = []\nx += [nn.Conv2d(3, 8, 1), nn.ReLU()]  # padlint: same\nnet = nn.Sequential(*x)\n",
}


def told(folder: Path, text: str) -> list[dict[str, str]]:
    (folder / "net.py").write_text(HEAD + text, encoding="utf-8")
    report = folder / "report.json"
    main(["check", "--isolated", "--no-cache", f"--output-format=json:{report}", str(folder / "net.py")])
    found: list[dict[str, str]] = json.loads(report.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("name", SAYS_NOTHING)
def test_what_says_nothing_is_a_mistake(name: str, tmp_path: Path) -> None:
    text, reason = SAYS_NOTHING[name]
    (found,) = told(tmp_path, text)
    assert (found["code"], found["severity"]) == ("PAD002", "warning")
    assert reason in found["message"]


@pytest.mark.parametrize("name", NOT_JUDGED)
def test_what_was_not_understood_is_a_note(name: str, tmp_path: Path) -> None:
    (found,) = told(tmp_path, NOT_JUDGED[name])
    assert (found["code"], found["severity"]) == ("PAD002", "information")


@pytest.mark.parametrize("name", COUNTS)
def test_what_counts_is_silent(name: str, tmp_path: Path) -> None:
    assert told(tmp_path, COUNTS[name]) == []


def test_what_was_left_out_is_not_called_unused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file may take a few steps only: one root, but not the two that make what is declared."""
    root = "def build{0}(width):\n    net = nn.Conv2d(width, width, 3){1}\n    return net\n\n"
    text = root.format(0, "") + root.format(1, "  # padlint: valid") + root.format(2, "  # padlint: valid")
    assert told(tmp_path, text) == []
    assert "not analysed" not in capsys.readouterr().err
    monkeypatch.setattr(budget, "BUDGET", 1)
    assert told(tmp_path, text) == []
    assert "left out: build1, build2" in capsys.readouterr().err


SEVERAL = (
    "input=(N, 3), (N, 4)",
    "input=[(N, 3), (N, 4)]",
    "input=((N, 3), (N, 4))",
    "input=(x=(N, 3), y=(N, 4))",
    "input=x:(N, 3) y:(N, 4)",
    "input={x: (N, 3), y: (N, 4)}",
    "input=(N, 3) (N, 4)",
    "input=(N, 3) and (N, 4)",
    "inputs=(N, 3), (N, 4)",
    "inputs=[(N, 3), (N, 4)]",
    "input1=(N, 3), input2=(N, 4)",
    "input.x=(N, 3)",
    "input(x)=(N, 3)",
    "input=(N, 3), input=(N, 4)",
    "input[x]=(N, 3), [y]=(N, 4)",
)


@pytest.mark.parametrize("body", SEVERAL)
def test_how_several_inputs_are_written_is_told(body: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_comment(body)
    told = str(error.value)
    assert "input=(N, 3, 32, 32), input[mask]=(N, 32)" in told
    assert parse_comment("input=(N, 3, 32, 32), input[mask]=(N, 32)")
