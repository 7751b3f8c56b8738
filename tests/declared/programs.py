"""Programs with one directive: each kind of directive at each place where a model may be declared, built in every way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

HEAD = "import torch\nfrom torch import nn\n\n"
NET = """{above}class Net(nn.Module):
    def __init__(self{takes}):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, {width}, 5, padding={padding}),
            nn.ReLU(),
        )

    def forward(self, x):
        return self.features(x)
"""
KERAS = (
    "import keras\nfrom keras import layers\n\nmodel = keras.Sequential("
    "[layers.Input((32, 32, 3)), layers.Conv2D(4, 5, padding='same', activation='relu')])\n"
)
RIGHT, WRONG = 2, 1
"""Paddings of a 5x5 convolution: torch and Keras say in the tests which of them gives `same`."""

WORDS = {
    "same": "same",
    "shapes": "input=(N, 3, 32, 32), out=(N, 4, 32, 32)",
    "keras": "keras=reference.py:model",
}
TAKES = {  # the parameters, width and padding as the class uses them, the arguments
    "nothing": ("", "4", "PADDING", ""),
    "arguments": (", w, p", "w", "p", "4, PADDING"),
    "defaults": (", w=4, p=OTHER", "w", "p", "4, PADDING"),
}
CLASS = {
    "nobody": "",
    "module": "model = Net(ARGS)",
    "called": "model = Net(ARGS)\ny = model(torch.randn(2, 3, 32, 32))",
    "returned": "def build():\n    return Net(ARGS)",
    "local": "def main():\n    net = Net(ARGS)\n    print(net)",
    "child": "class Outer(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.net = Net(ARGS)\n\n"
    "    def forward(self, x):\n        return self.net(x)",
    "in a Sequential": "outer = nn.Sequential(Net(ARGS), nn.ReLU())",
    "main": "if __name__ == '__main__':\n    net = Net(ARGS)",
    "subclass": "class Sub(Net):\n    pass\n\n\nmodel = Sub(ARGS)",
    "trained": "import argparse\n\n\ndef main():\n    args = argparse.ArgumentParser().parse_args()\n    net = Net(ARGS)\n"
    "    net.load_state_dict(torch.load(args.path))",
}
"""What follows a class with a directive."""
PLACE = {
    "module": "@model = Net(ARGS)",
    "function": "def main():\n    @net = Net(ARGS)\n    return net",
    "attribute": "class Outer(nn.Module):\n    def __init__(self):\n        super().__init__()\n        @self.net = Net(ARGS)\n\n"
    "    def forward(self, x):\n        return self.net(x)",
    "moved": "@model = Net(ARGS).to('cuda')",
    "of a helper": "def build():\n    return Net(ARGS)\n\n\n@model = build()",
    "on a helper": "@def build():\n    return Net(ARGS)",
    "on a helper that is called": "@def build():\n    return Net(ARGS)\n\n\nmodel = build()",
    "on a helper with arguments": "@def build(w):\n    return Net(ARGS)",
    "on a helper called with arguments": "@def build(w):\n    return Net(ARGS)\n\n\nmodel = build(4)",
    "main": "if __name__ == '__main__':\n    @model = Net(ARGS)",
    "compiled": "@model = torch.compile(Net(ARGS))",
    "parallel": "@model = nn.DataParallel(Net(ARGS))",
    "annotated": "@model: nn.Module = Net(ARGS)",
    "return": "def build():\n    @return Net(ARGS)",
    "list": "models = [\n    @Net(ARGS),\n]",
    "append": "models = []\n@models.append(Net(ARGS))",
    "lambda": "@build = lambda: Net(ARGS)\nmodel = build()",
    "fixture": "import pytest\n\n\n@@pytest.fixture\ndef net():\n    return Net(ARGS)",
}
"""Directives (`@`) at what makes an instance, understood."""
NOT_FOLLOWED = {
    "condition": "if torch.cuda.is_available():\n    @model = Net(ARGS)",
    "ternary": "@model = Net(ARGS) if torch.cuda.is_available() else None",
    "method": "class Runner:\n    def run(self):\n        @model = Net(ARGS)\n        return model",
    "unknown wrapper": "import accelerate\n\n@model = accelerate.prepare(Net(ARGS))",
}


@dataclass(frozen=True)
class Program:
    """One of a pair of twins. `built`: the program builds the model with the padding that makes it right or wrong."""

    name: str
    text: str
    right: bool

    @property
    def file(self) -> str:
        return f"{'right' if self.right else 'wrong'}_{''.join(c if c.isalnum() else '_' for c in self.name)}.py"


def net(above: str, takes: str, padding: int) -> tuple[str, str]:
    """The class, and what to call it with."""
    parameters, width, written, given = TAKES[takes]
    other = WRONG if padding == RIGHT else RIGHT
    text = NET.format(above=above, takes=parameters.replace("OTHER", str(other)), width=width, padding=written)
    return text.replace("PADDING", str(padding)), given.replace("PADDING", str(padding))


def marked(text: str, directive: str) -> str:
    """`@` at the beginning of a line becomes a comment above it."""
    lines: list[str] = []
    for line in text.split("\n"):
        code = line.lstrip(" ")
        if code.startswith("@") and not code.startswith("@pytest"):
            indent = line[: len(line) - len(code)]
            lines.append(f"{indent}{directive}")
            line = indent + code[1:]
        lines.append(line)
    return "\n".join(lines)


def twins(uses: dict[str, str], on_class: bool, kinds: tuple[str, ...] = tuple(WORDS)) -> Iterator[Program]:
    for name, use in uses.items():
        for takes in TAKES:
            for kind in kinds:
                for padding in (RIGHT, WRONG):
                    directive = f"# padlint: {WORDS[kind]}"
                    text, given = net(f"{directive}\n" if on_class else "", takes, padding)
                    after = marked(use.replace("ARGS", given), directive)
                    whole = f"{HEAD}{text}\n\n{after}\n"
                    yield Program(f"{name} {takes} {kind}", whole, padding == RIGHT)
