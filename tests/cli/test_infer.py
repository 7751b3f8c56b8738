"""`padlint infer`: the directives that the code proves, proposed and written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Padlint, contents

NET = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, channels=3):
        super().__init__()
        self.conv = nn.Conv2d(channels, 8, 3)

    def forward(self, x, mask=None):
        return self.conv(x)

"""

PROPOSED = {
    "one call": (NET + "net = Net()\nnet(torch.rand(4, 3, 32, 32))\n", ["5: input=(4, 3, 32, 32)"]),
    "batches differ": (NET + "for b in (1, 8):\n    Net()(torch.rand(b, 3, 32, 32))\n", ["5: input=(N, 3, 32, 32)"]),
    "two inputs": (
        NET + "Net()(torch.rand(4, 3, 8, 8), mask=torch.rand(4, 8))\n", ["5: input=(4, 3, 8, 8), input[mask]=(4, 8)"],
    ),
    "two classes of one": (
        NET + "a = Net().eval()\nb = Net(1)\na(torch.rand(2, 3, 9, 9))\nb(torch.rand(2, 1, 9, 9))\n",
        ["13: input=(2, 3, 9, 9)", "14: input=(2, 1, 9, 9)"],
    ),
    "a Sequential": (
        "import torch\nfrom torch import nn\n\n\ndef run():\n    model = nn.Sequential(\n"
        "        nn.Conv2d(3, 8, 3),\n    ).cuda()\n    model(torch.rand(2, 3, 9, 9))\n",
        ["6: input=(2, 3, 9, 9)"],
    ),
    "a summary": (NET + "import torchinfo\ntorchinfo.summary(Net(), (1, 3, 64, 64))\n", ["5: input=(1, 3, 64, 64)"]),
    "a loader": (
        NET + "from torchvision import datasets, transforms as T\nfrom torch.utils.data import DataLoader\n"
        "data = datasets.CIFAR10('x', True, T.ToTensor())\nfor x, y in DataLoader(data, 64):\n    Net()(x)\n",
        ["5: input=(N, 3, 32, 32)"],
    ),
}  # fmt: skip
NOTHING = {
    "no call": NET,
    "not known": NET + "def run(x):\n    Net()(x)\n",
    "a size that is a symbol": NET + "def run(n):\n    Net()(torch.rand(1, 3, n, n))\n",
    "calls that disagree": NET + "net = Net()\nnet(torch.rand(1, 3, 8, 8))\nnet(torch.rand(1, 3, 9, 9))\n",
    "a call that fails": NET + "Net()(torch.rand(1, 4, 8, 8))\n",
    "a directive on the class": NET.replace("class", "# padlint: input=(N, 3, 8, 8)\nclass")
    + "Net()(torch.rand(1, 3, 8, 8))\n",
    "a directive where it is made": NET + "net = Net()  # padlint: input=(N, 3, 8, 8)\nnet(torch.rand(1, 3, 8, 8))\n",
    "a part of another model": NET + "class Two(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    "        self.net = Net()\n\n    def forward(self, x):\n        return self.net(x)\n",
}  # fmt: skip


@pytest.mark.parametrize(("text", "proposed"), PROPOSED.values(), ids=PROPOSED.keys())
def test_what_the_calls_prove(text: str, proposed: list[str], padlint: Padlint, folder: Path) -> None:
    (folder / "net.py").write_text(text, encoding="utf-8")
    before = contents(folder)
    done = padlint("infer", "--isolated", "net.py")
    assert done.code == 0 and not done.err
    lines = [line.partition("   (because: ")[0] for line in done.out.splitlines()]
    assert lines == [f"net.py:{line.replace(': ', ': # padlint: ')}" for line in proposed]
    assert contents(folder) == before


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING.keys())
def test_what_nothing_proves(text: str, padlint: Padlint, folder: Path) -> None:
    (folder / "net.py").write_text(text, encoding="utf-8")
    assert padlint("infer", "--isolated", "net.py").out == ""


@pytest.mark.parametrize(("text", "proposed"), PROPOSED.values(), ids=PROPOSED.keys())
def test_written_directives_are_heard_and_not_written_twice(
    text: str, proposed: list[str], padlint: Padlint, folder: Path
) -> None:
    path = folder / "net.py"
    path.write_text(text, encoding="utf-8")
    padlint("infer", "--isolated", "--write", "net.py")
    written = path.read_text(encoding="utf-8")
    added = [line.strip() for line in written.splitlines() if "# padlint:" in line]
    assert added == [f"# padlint: {each.partition(': ')[2]}" for each in proposed]
    kept = "".join(line for line in written.splitlines(keepends=True) if "# padlint:" not in line)
    assert kept == text
    assert padlint("infer", "--isolated", "--write", "net.py").out == ""
    assert path.read_text(encoding="utf-8") == written
    assert "PAD002" not in padlint("check", "--isolated", "--no-cache", "net.py").out


def test_every_other_byte_stays(padlint: Padlint, folder: Path) -> None:
    text = NET.replace("class Net", "@torch.no_grad\nclass Net") + "Net()(torch.rand(1, 3, 8, 8))  # \u00e9\n"
    body = text.replace("\n", "\r\n").replace("    ", "\t")
    path = folder / "net.py"
    path.write_bytes(b"\xef\xbb\xbf" + body.encode())
    padlint("infer", "--isolated", "--write", "net.py")
    line = "# padlint: input=(1, 3, 8, 8)\r\n"
    expected = body.replace("@torch", line + "@torch")
    assert path.read_bytes() == b"\xef\xbb\xbf" + expected.encode()


def test_the_evidence_is_named(padlint: Padlint, folder: Path) -> None:
    (folder / "net.py").write_text(PROPOSED["a loader"][0], encoding="utf-8")
    assert "(because: torchvision.datasets.CIFAR10 at net.py:15)" in padlint("infer", "--isolated", "net.py").out
    (folder / "net.py").write_text(NET, encoding="utf-8")
    (folder / "train.py").write_text(
        "import torch\nfrom net import Net\n\nNet()(torch.rand(2, 3, 8, 8))\n", encoding="utf-8"
    )
    out = padlint("infer", "--isolated", ".").out
    assert out.startswith("net.py:5: ") and "(because: called at train.py:4)" in out


def test_a_missing_file_is_an_error(padlint: Padlint) -> None:
    done = padlint("infer", "--isolated", "nowhere.py")
    assert done.code == 2 and "nowhere.py" in done.complaint
