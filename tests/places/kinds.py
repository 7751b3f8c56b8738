"""What projects are made of: blocks with something wrong in them, what is around them, what calls them.

In the texts `⟨what;model;layer⟩` marks what stands behind it, `$name` stands for a name that may be another file's. `@` in a
mark is what the block is called where it hangs in a model; `*` is whatever uses it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """Some statements that bind a name; empty for those that only use others."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a model. `helpers` come before it; `declared`: what is wrong is wrong by what is declared, torch runs it;
    `inputs`: the number of tensors; `configured`: the keys of its table in the configuration."""

    text: str
    helpers: tuple[Piece, ...] = ()
    declared: bool = False
    inputs: int = 1
    configured: str = ""

    @property
    def is_class(self) -> bool:
        return "class block" in self.text

    @property
    def can_be_derived(self) -> bool:
        """Is it a class of which nothing is declared that would not hold for another one?"""
        return self.is_class and not self.configured and not self.text.startswith("#")


UNIT = Piece("unit", "def unit(cin, cout, k, p=0):\n    return ⟨Conv2d;*;*⟩nn.Conv2d(cin, cout, k, padding=p)\n")
MERGE = Piece("merge", "def merge(a, b):\n    return ⟨cat;@;⟩torch.cat([a, b], dim=1)\n")
APPLY = Piece("apply", "def apply(layer, *inputs):\n    return ⟨use⟩layer(*inputs)\n")


def function(*layers: str, above: str = "", within: str = "") -> str:
    """A function that gives a Sequential; `above` it, and at the end of the `within` line of the Sequential, comments."""
    lines = "".join(f"        {layer}\n" for layer in layers)
    return f"{above}⟨block⟩def block(cin):\n    return ⟨Sequential;@;⟩nn.Sequential({within}\n{lines}    )\n"


def module(
    init: tuple[str, ...], forward: tuple[str, ...], inputs: str = "x", above: str = "", returns: str = ""
) -> str:
    """A class with what its `__init__` and its forward do."""
    made = "".join(f"        {line}\n" for line in init)
    done = "".join(f"        {line}\n" for line in forward)
    return (
        f"{above}⟨block⟩class block(nn.Module):\n    def __init__(self, cin):\n        super().__init__()\n{made}\n"
        f"    ⟨returns⟩def forward(self, {inputs}){returns}:\n{done}"
    )


CONV = "⟨Conv2d;@;0⟩nn.Conv2d(cin, 8, 3),"
SELF_CONV = "self.conv = ⟨Conv2d;@;conv⟩nn.Conv2d(cin, 8, 3)"
WRONG_SAME = "⟨Conv2d;@;0⟩nn.Conv2d(cin, 8, 5, padding=1),"
SELF_WRONG_SAME = "self.conv = ⟨Conv2d;@;conv⟩nn.Conv2d(cin, 8, 5, padding=1)"
BLOCKS: dict[str, Block] = {
    "linear": Block(
        function(
            CONV, "⟨MaxPool2d;@;1⟩nn.MaxPool2d(2),", "⟨Flatten;@;2⟩nn.Flatten(),", "⟨Linear;@;3⟩nn.Linear(999, 10),"
        )
    ),
    "linear, one pool off": Block(
        function(
            CONV,
            "⟨MaxPool2d;@;1⟩nn.MaxPool2d(2),",
            "⟨Flatten;@;2⟩nn.Flatten(),",
            "⟨Linear;@;3⟩nn.Linear(8 * 16 * 16, 10),",
        )
    ),
    "channels": Block(function(CONV, "⟨ReLU;@;1⟩nn.ReLU(),", "⟨Conv2d;@;2⟩nn.Conv2d(9, 8, 3),")),
    "norm": Block(function(CONV, "⟨BatchNorm2d;@;1⟩nn.BatchNorm2d(9),")),
    "pool": Block(function(CONV, "⟨AvgPool2d;@;1⟩nn.AvgPool2d(40),")),
    "reflect": Block(function("⟨Conv2d;@;0⟩nn.Conv2d(cin, 8, 3, padding=40, padding_mode='reflect'),")),
    "rank": Block(function(CONV, "⟨Conv1d;@;1⟩nn.Conv1d(8, 8, 3),")),
    "transposed": Block(
        function("⟨ConvTranspose2d;@;0⟩nn.ConvTranspose2d(cin, 8, 2, 2),", "⟨Conv2d;@;1⟩nn.Conv2d(7, 8, 3),")
    ),
    "nested": Block(
        function(
            "⟨Sequential;@;0⟩nn.Sequential(⟨Conv2d;@.0;0⟩nn.Conv2d(cin, 8, 3), ⟨ReLU;@.0;1⟩nn.ReLU()),",
            "⟨Sequential;@;1⟩nn.Sequential(⟨Flatten;@.1;0⟩nn.Flatten(), ⟨Linear;@.1;1⟩nn.Linear(99, 10)),",
        )
    ),
    "right": Block(function(CONV, "⟨Flatten;@;1⟩nn.Flatten(),", "⟨LazyLinear;@;2⟩nn.LazyLinear(10),")),
    "cat": Block(
        module(
            ("self.up = ⟨ConvTranspose2d;@;up⟩nn.ConvTranspose2d(cin, 8, 3, 2)",),
            ("a = ⟨use⟩self.up(a)", "return ⟨cat;@;⟩torch.cat([a, b], 1)"),
            "a, b",
        ),
        inputs=2,
    ),
    "cat elsewhere": Block(
        module((SELF_CONV,), ("a = ⟨use⟩self.conv(a)", "return $merge(a, b)"), "a, b"), (MERGE,), inputs=2
    ),
    "residual": Block(
        module(
            ("self.conv = ⟨Conv2d;@;conv⟩nn.Conv2d(cin, cin, 5, padding=1)",),
            ("y = ⟨use⟩self.conv(x)", "return ⟨add;@;⟩x + y"),
        )
    ),
    "residual of a helper's layer": Block(
        module(
            ("self.conv = ⟨Conv2d;@;conv⟩⟨call:unit⟩$unit(cin, cin, 5, 1)",),
            ("y = ⟨use⟩self.conv(x)", "return ⟨add;@;⟩x + y"),
        ),
        (UNIT,),
    ),
    "right for one": Block(
        module(
            (
                "self.one = ⟨Conv2d;@;one⟩⟨call:unit⟩$unit(cin, cin, 3, 1)",
                "self.two = ⟨Conv2d;@;two⟩⟨call:unit⟩$unit(cin, cin, 3)",
            ),
            ("y = ⟨use⟩self.one(x)", "y = ⟨add;@;⟩x + y", "z = ⟨use⟩self.two(y)", "return ⟨add;@;⟩y + z"),
        ),
        (UNIT,),
    ),
    "view": Block(module((SELF_CONV,), ("x = ⟨use⟩self.conv(x)", "return ⟨view;@;⟩x.view(-1, 77)"))),
    "functions": Block(module((SELF_CONV,), ("x = ⟨use⟩self.conv(x)", "return ⟨max_pool2d;@;⟩F.max_pool2d(x, 40)"))),
    "flattened": Block(
        module(
            (SELF_CONV, "self.fc = ⟨Linear;@;fc⟩nn.Linear(99, 10)"),
            ("x = ⟨use⟩self.conv(x)", "x = x.flatten(1)", "return ⟨use⟩self.fc(x)"),
        )
    ),
    "called elsewhere": Block(
        module(
            (SELF_CONV, "self.norm = ⟨BatchNorm2d;@;norm⟩nn.BatchNorm2d(5)"),
            ("x = $apply(self.conv, x)", "return $apply(self.norm, x)"),
        ),
        (APPLY,),
    ),
    "same, at the layer": Block(function(f"{WRONG_SAME}  # padlint: same"), declared=True),
    "same, above the function": Block(function(WRONG_SAME, above="# padlint: same\n"), declared=True),
    "same, at the Sequential": Block(function(WRONG_SAME, within="  # padlint: same"), declared=True),
    "same, at the class": Block(
        module((SELF_WRONG_SAME,), ("return ⟨use⟩self.conv(x)",), above="# padlint: same\n"), declared=True
    ),
    "same, at the call of a helper": Block(
        module(("self.conv = ⟨Conv2d;@;conv⟩⟨call:unit⟩$unit(cin, 8, 5, 1)",), ("return ⟨use⟩self.conv(x)",)),
        (Piece("unit", "# padlint: same\n⟨unit⟩" + UNIT.text),),
        declared=True,
    ),
    "out, at the layer": Block(function(f"{WRONG_SAME}  # padlint: out=(N, 8, 9, 9)"), declared=True),
    "out, at the class": Block(
        module((SELF_WRONG_SAME,), ("return ⟨use⟩self.conv(x)",), above="# padlint: out=(N, 8, 9, 9)\n"), declared=True
    ),
    "out, by annotation": Block(
        module((SELF_WRONG_SAME,), ("return ⟨use⟩self.conv(x)",), returns=' -> Float[torch.Tensor, "n 8 9 9"]'),
        declared=True,
    ),
    "same, configured": Block(
        module((SELF_WRONG_SAME,), ("return ⟨use⟩self.conv(x)",)), declared=True, configured='intent = "same"'
    ),
    "out, configured": Block(
        module((SELF_WRONG_SAME,), ("return ⟨use⟩self.conv(x)",)), declared=True, configured="output = [8, 9, 9]"
    ),
}

AROUND: dict[str, tuple[Piece, str, str]] = {
    "nothing": (Piece("net", "net = ⟨made⟩$block({cin})\n"), "$net", "block"),
    "a parameter": (Piece("net", "net = ⟨made⟩$block(cin={cin})\n"), "$net", "block"),
    "an attribute": (
        Piece(
            "Net",
            "⟨class⟩class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
            "        self.body = ⟨made⟩$block({cin})\n\n    def forward(self, *inputs):\n"
            "        return ⟨use⟩self.body(*inputs)\n",
        ),
        "⟨call:Net⟩$Net()",
        "Net.body",
    ),
    "an attribute of the class": (
        Piece(
            "Net",
            "⟨class⟩class Net:\n    body = ⟨made⟩$block({cin})\n\n    def run(self, *inputs):\n"
            "        return ⟨use⟩self.body(*inputs)\n",
        ),
        "⟨call:Net⟩$Net().run",
        "block",
    ),
    "a subclass": (
        Piece(
            "Net",
            "⟨class⟩class Net($block):\n    def __init__(self):\n        ⟨call:block⟩super().__init__({cin})\n",
        ),
        "⟨Net⟩⟨call:Net⟩$Net()",
        "Net",
    ),
    "a Sequential": (
        Piece("net", "net = ⟨Sequential;net;⟩nn.Sequential(⟨made⟩$block({cin}), ⟨Identity;net;1⟩nn.Identity())\n"),
        "$net",
        "net.0",
    ),
    "a function": (
        Piece("build", "def build(width={cin}):\n    made = ⟨made⟩$block(width)\n    return made\n"),
        "⟨call:build⟩$build()",
        "block",
    ),
}
"""What is around a block, what is called then, and what the block is called within."""
