"""Code that fills weights, and code that looks like it but builds."""

from __future__ import annotations

_NET = """
class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.conv = nn.Conv2d(c, c, 3, padding=1)
        self.act = nn.ReLU()
    def forward(self, x):
        return self.act(self.conv(x))
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3)
        self.blocks = nn.Sequential(Block(8), Block(8))
        self.found = []
        BODY
def build(): return Net()
"""


def _net(body: str, before: str = "") -> str:
    return before + _NET.replace("BODY", body.strip("\n").replace("\n", "\n        "))


FORMS: dict[str, str] = {
    "weights filled in a loop": _net("""
for m in self.modules():
    if isinstance(m, nn.Conv2d):
        nn.init.kaiming_normal_(m.weight)
        m.bias.data.zero_()
self.head = nn.Linear(8, 2)
"""),
    "weights filled, a layer replaced in the same loop": _net("""
for name, m in list(self.named_children()):
    if isinstance(m, nn.Conv2d):
        nn.init.zeros_(m.bias)
        setattr(self, name, nn.Conv2d(3, 8, 5))
"""),
    "weights filled, an activation replaced by assignment": _net("""
for m in self.modules():
    if isinstance(m, Block):
        nn.init.zeros_(m.conv.bias)
        m.act = nn.GELU()
"""),
    "weights filled, a list grown through another name": _net("""
for m in self.blocks:
    nn.init.zeros_(m.conv.bias)
    same = self.found
    same += [nn.Conv2d(8, 8, 1)]
self.rest = nn.Sequential(*self.found)
"""),
    "weights filled, a container filled by index": _net("""
for i in range(2):
    nn.init.zeros_(self.stem.bias)
    self.blocks[i] = nn.Identity()
"""),
    "a function is applied that fills": _net(
        "self.apply(fill)",
        "def fill(m):\n    if isinstance(m, nn.Conv2d):\n        nn.init.normal_(m.weight, std=0.02)\n",
    ),
    "a function is applied that fills and replaces": _net(
        "self.apply(fill)",
        "def fill(m):\n    if isinstance(m, Block):\n        nn.init.normal_(m.conv.weight)\n        m.act = nn.Tanh()\n",
    ),
    "a function is handed down that fills": _net(
        "each(self, lambda m: nn.init.zeros_(m.bias) if isinstance(m, nn.Conv2d) else None)\nself.head = nn.Linear(8, 2)",
        "def each(m, f):\n    for c in m.children():\n        each(c, f)\n    f(m)\n    return m\n",
    ),
    "a function is handed down that replaces": _net(
        "each(f=change, m=self)",
        """
def each(m, f):
    for c in m.children():
        each(c, f)
    nn.init.zeros_(torch.empty(3))
    f(m)
    return m
def change(m):
    if isinstance(m, Block):
        m.act = nn.SiLU()
""",
    ),
    "a partial function that replaces is handed down": _net(
        "each(self, partial(change, kind=nn.SiLU))",
        """
from functools import partial
def each(m, f):
    for c in m.children():
        each(c, f)
        nn.init.zeros_(torch.empty(3))
    f(m)
def change(m, kind):
    if isinstance(m, Block):
        m.act = kind()
""",
    ),
    "one of the methods of a name replaces": _net(
        """
for m in self.modules():
    if hasattr(m, "reset"):
        m.reset()
""",
        """
class Quiet(nn.Module):
    def reset(self):
        nn.init.zeros_(self.weight)
class Swish(nn.ReLU):
    def reset(self):
        nn.init.zeros_(torch.empty(3))
        self.inner = nn.Conv2d(1, 1, 1)
""",
    ).replace("self.act = nn.ReLU()", "self.act = Swish()"),
    "a method named like one of tensors builds": _net(
        "self.fill_()\nself.blocks[0].act.zero_()",
        "class Own(nn.ReLU):\n    def zero_(self):\n        nn.init.zeros_(torch.empty(3))\n        self.more = nn.Tanh()\n",
    )
    .replace("self.act = nn.ReLU()", "self.act = Own()")
    .replace("def build()", "    def fill_(self):\n        self.head = nn.Linear(8, 2)\ndef build()"),
    "a maker of fillers gives one that replaces": _net(
        "self.apply(filler('other'))",
        """
def quiet(m):
    if isinstance(m, nn.Conv2d):
        nn.init.zeros_(m.bias)
def other(m):
    if isinstance(m, Block):
        nn.init.zeros_(m.conv.bias)
        m.act = nn.Tanh()
def filler(kind):
    return quiet if kind == "quiet" else other
""",
    ),
    "recursion passes another function": _net(
        "twice(self, quiet, change)",
        """
def twice(m, f, g):
    f(m)
    if g is not None:
        twice(m, g, None)
def quiet(m):
    nn.init.zeros_(m.stem.bias)
def change(m):
    nn.init.zeros_(m.stem.bias)
    m.stem = nn.Conv2d(3, 8, 7)
""",
    ),
    "a parameter is bound anew": _net(
        "use(self, quiet)",
        """
def use(m, f=None):
    nn.init.zeros_(m.stem.bias)
    f = f and change
    f(m)
def quiet(m):
    nn.init.zeros_(m.stem.bias)
def change(m):
    m.stem = nn.Conv2d(3, 8, 7)
""",
    ),
    "a local name is a maker's function that replaces": _net(
        "use(self)",
        """
def make(then):
    def inner(m):
        nn.init.zeros_(m.stem.bias)
        then(m)
    return inner
def use(m):
    nn.init.zeros_(m.stem.bias)
    f = make(change)
    f(m)
def change(m):
    m.stem = nn.Conv2d(3, 8, 7)
""",
    ),
    "a default replaces": _net(
        "use(self)",
        """
def change(m):
    m.stem = nn.Conv2d(3, 8, 7)
def use(m, f=change):
    nn.init.zeros_(m.stem.bias)
    f(m)
""",
    ),
    "a generator replaces while it is walked": _net(
        """
for m in walk(self):
    nn.init.zeros_(self.stem.bias)
""",
        """
def walk(m):
    m.stem = nn.Conv2d(3, 8, 7)
    yield m
""",
    ),
    "a loop that yields": _net(
        "self.rest = nn.Sequential(*parts(self))",
        """
def parts(m):
    for each in m.blocks:
        nn.init.zeros_(each.conv.bias)
        yield nn.Conv2d(8, 8, 1)
""",
    ),
    "layers kept under the name data": _net("""
convs = [nn.Conv2d(8, 8, k) for k in (1, 3)]
for block, conv in zip(self.blocks, convs):
    nn.init.zeros_(conv.bias)
    block.data = conv
"""),
    "layers kept under a name that is set": _net("""
convs = {"one": nn.Conv2d(8, 8, 1)}
for name, conv in convs.items():
    nn.init.zeros_(conv.bias)
    self.__setattr__(name, conv)
"""),
    "a dict filled while weights are": _net("""
kinds = {}
for name, m in self.named_modules():
    if isinstance(m, nn.Conv2d):
        nn.init.zeros_(m.bias)
        kinds[name] = nn.Tanh()
self.rest = nn.Sequential(*kinds.values())
"""),
    "a nested function replaces": _net("""
def fill(m):
    nn.init.zeros_(self.stem.bias)
    self.stem = nn.Conv2d(3, 8, 1)
for m in self.blocks:
    fill(m)
"""),
    "what a loop counts is used": _net("""
count = 0
for m in self.modules():
    if isinstance(m, nn.Conv2d):
        nn.init.zeros_(m.bias)
        count += 1
self.head = nn.Linear(8, count)
"""),
    "a subclass replaces where its base fills": """
class Base(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.init()
    def init(self):
        nn.init.zeros_(self.conv.bias)
class Net(Base):
    def init(self):
        super().init()
        self.conv = nn.Conv2d(3, 8, 5)
def build(): return Net()
""",
}
