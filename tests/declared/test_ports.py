"""A reference is compared with a port however the port is made; where its forward does what is not understood around a
layer, nothing is said of that layer. Keras's and torch's values say which ports are right."""

from __future__ import annotations

from pathlib import Path

import pytest

from .test_places import codes_of

HEAD = "import torch\nimport torch.nn.functional as F\nfrom torch import nn\n\n\n"
STYLES = {
    "class": "@{}",
    "class and instance": "@{}\n\nport = Net()\n",
    "instance": "{}\n\n@port = Net()\n",
    "called": "{}\n\n@port = Net()\ny = port(torch.randn(2, CHANNELS, ROWS, ROWS))\n",
    "function": "{}\n\n@def build():\n    return Net()\n",
    "main": "{}\n\ndef main():\n    @net = Net()\n    print(net)\n\n\nmain()\n",
}


def net(init: str, forward: str) -> str:
    made = "".join(f"        {line}\n" for line in init.splitlines())
    run = "".join(f"        {line}\n" for line in forward.splitlines())
    return f"class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n{made}\n    def forward(self, x):\n{run}"


def keras(*layers: str) -> str:
    listed = ", ".join(f"layers.{each}" for each in layers)
    return f"import keras\nfrom keras import layers\n\nmodel = keras.Sequential([{listed}])\n"


PORTS = {  # rows, channels, the model, the port, what makes it wrong
    "functions": (
        16,
        3,
        keras("Input((16, 16, 3))", "Conv2D(8, 3, padding='same', activation='relu')", "MaxPooling2D(2)", "Conv2D(4, 3)"),
        net(
            "self.a = nn.Conv2d(3, 8, 3, padding=1)\nself.b = nn.Conv2d(8, 4, 3)",
            "x = F.max_pool2d(F.relu(self.a(x)), 2)\nreturn self.b(x)",
        ),
        [("padding=1", "padding=0"), ("max_pool2d", "avg_pool2d"), ("(8, 4, 3)", "(8, 4, 3, padding=1)")],
    ),
    "a slice": (
        8,
        4,
        keras("Input((8, 8, 4))", "Conv2DTranspose(6, 3, strides=2, padding='same')", "Conv2D(4, 3)"),
        net(
            "self.a = nn.ConvTranspose2d(4, 6, 3, stride=2)\nself.b = nn.Conv2d(6, 4, 3)",
            "return self.b(self.a(x)[:, :, :-1, :-1])",
        ),
        [("(6, 4, 3)", "(6, 4, 5)")],
    ),
    "a module that crops": (
        8,
        4,
        keras("Input((8, 8, 4))", "Conv2DTranspose(6, 3, strides=2, padding='same')", "ReLU()", "Conv2D(4, 3)"),
        "class Crop(nn.Module):\n    def forward(self, x):\n        return x[:, :, :-1, :-1]\n\n\n"
        + net(
            "self.all = nn.Sequential(nn.ConvTranspose2d(4, 6, 3, stride=2), nn.ReLU(), Crop(), nn.Conv2d(6, 4, 3))",
            "return self.all(x)",
        ),
        [("(6, 4, 3)", "(6, 4, 5)")],
    ),
    "pads": (
        15,
        4,
        keras("Input((15, 15, 4))", "Conv2D(6, 3, strides=2, padding='same')", "Conv2D(4, 4, padding='same')"),
        net(
            "self.a = nn.Conv2d(4, 6, 3, stride=2, padding=1)\nself.b = nn.Conv2d(6, 4, 4)",
            "return self.b(F.pad(self.a(x), (1, 2, 1, 2)))",
        ),
        [("(1, 2, 1, 2)", "(2, 1, 2, 1)"), ("stride=2, padding=1", "stride=2, padding=0")],
    ),
    "pads in front": (
        16,
        4,
        keras("Input((16, 16, 4))", "Conv2D(6, 3, strides=2, padding='same')"),
        net(
            "self.a = nn.Conv2d(4, 6, 3, stride=2)",
            "return self.a(F.pad(x, (0, 1, 0, 1)))",
        ),
        [("(4, 6, 3,", "(4, 6, 5,")],
    ),
    "a norm between permutes": (
        8,
        3,
        keras("Input((8, 8, 3))", "Conv2D(8, 3, padding='same')", "BatchNormalization(axis=1)", "ReLU()"),
        net(
            "self.a = nn.Conv2d(3, 8, 3, padding=1)\nself.n = nn.BatchNorm2d(8, eps=1e-3, momentum=0.01)",
            "x = self.n(self.a(x).permute(0, 2, 1, 3)).permute(0, 2, 1, 3)\nreturn F.relu(x)",
        ),
        [("(3, 8, 3,", "(3, 8, 5,")],
    ),
    "a head": (
        8,
        3,
        keras("Input((8, 8, 3))", "Conv2D(8, 3, padding='same', activation='relu')", "GlobalAveragePooling2D()", "Dense(10)"),
        net(
            "self.a = nn.Conv2d(3, 8, 3, padding=1)\nself.f = nn.Linear(8, 10)",
            "return self.f(F.relu(self.a(x)).mean(dim=(2, 3)))",
        ),
        [("padding=1", "padding=0"), ("(8, 10)", "(8, 10, bias=False)")],
    ),
}  # fmt: skip


def files(name: str) -> tuple[dict[str, str], dict[str, str]]:
    """The right ports and the wrong ones, in all styles."""
    rows, channels, _, right, wrongs = PORTS[name]
    rights: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for style, how in STYLES.items():
        for number, (old, new) in enumerate([("Net", "Net"), *wrongs]):
            assert old in right
            text = (
                how.replace("CHANNELS", str(channels))
                .replace("ROWS", str(rows))
                .replace("{}", right.replace(old, new, 1))
            )
            head, _, own = text.rpartition("class Net") if text.startswith("@class Crop") else ("", "", "")
            text = f"{head[1:]}@class Net{own}" if head else text
            lines = (
                f"{line[: line.index('@')]}# padlint: keras=reference.py:model\n{line.replace('@', '', 1)}"
                if "@" in line
                else line
                for line in text.split("\n")
            )
            (wrong if number else rights)[f"{style.replace(' ', '_')}_{number}.py"] = HEAD + "\n".join(lines)
    return rights, wrong


@pytest.mark.parametrize("name", PORTS)
def test_a_port_is_compared_however_it_is_made(name: str, tmp_path: Path) -> None:
    rights, wrong = files(name)
    found = codes_of(tmp_path, {**rights, **wrong, "reference.py": PORTS[name][2]})
    assert {file for file in rights if found[file]} == set()
    assert {file for file in wrong if not {code for code, _ in found[file]} - {"PAD002"}} == set()


@pytest.mark.parametrize("name", PORTS)
def test_the_ports_give_what_keras_gives(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    import torch

    rows, channels, model, right, _ = PORTS[name]
    names: dict[str, object] = {}
    exec(model, names)
    exec(f"{HEAD}{right}\nport = Net().eval()\n", names)
    reference, port = names["model"], names["port"]
    weights = [torch.as_tensor(each) for each in reference.get_weights()]  # type: ignore[attr-defined]
    own = [each for key, each in port.state_dict().items() if "num_batches" not in key]  # type: ignore[attr-defined]
    for mine, theirs in zip(own, weights, strict=True):
        if theirs.ndim == 4:  # both kinds of convolutions: (rows, columns, a, b) to (b, a, rows, columns)
            theirs = theirs.permute(3, 2, 0, 1)
        mine.copy_(theirs.T if theirs.ndim == 2 else theirs)
    x = torch.randn(2, channels, rows, rows)
    with torch.no_grad():
        there = torch.as_tensor(reference(x.permute(0, 2, 3, 1)))  # type: ignore[operator]
        here = port(x)  # type: ignore[operator]
    there = there.permute(0, 3, 1, 2) if there.ndim == 4 else there
    torch.testing.assert_close(here, there.to(here.device), rtol=1e-4, atol=1e-4)
