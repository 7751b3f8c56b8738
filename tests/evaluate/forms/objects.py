"""What objects of the program say of themselves."""

from __future__ import annotations

FORMS: dict[str, str] = {
    "a property with a setter": """
class Cfg:
    def __init__(self): self._w = 2
    @property
    def width(self): return self._w * 2
    @width.setter
    def width(self, v): self._w = v + 1
def build():
    c = Cfg()
    a = c.width
    c.width = 10
    return nn.Sequential(nn.Linear(a, c.width))
""",
    "equal objects": """
from dataclasses import dataclass
@dataclass
class C:
    a: int = 1
class P:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return self.v == o.v
    def __bool__(self): return self.v > 0
    def __len__(self): return self.v
def build():
    xs = []
    if C() == C(1): xs.append(nn.ReLU())
    if P(1) == P(1): xs.append(nn.Tanh())
    if P(0): xs.append(nn.GELU())
    if {"a": 1} == {"a": 1}: xs.append(nn.ELU())
    if {1, 2} == {2, 1}: xs.append(nn.SiLU())
    if [1, [2]] == [1, [2]]: xs.append(nn.Identity())
    if C(1) in [C(2), C(1)]: xs.append(nn.ReLU6())
    if {"a": 1} != {"a": 2}: xs.append(nn.CELU())
    return nn.Sequential(nn.Linear(1, 1), *xs)
""",
    "objects that are empty": """
class Stack:
    def __init__(self): self.items = []
    def __len__(self): return len(self.items)
class Empty(nn.Module):
    def __len__(self): return 0
def build():
    s = Stack()
    xs = [nn.Linear(1, 1)]
    if not s: xs.append(nn.ReLU())
    s.items.append(1)
    if s: xs.append(nn.Tanh())
    xs.append(nn.GELU() if Empty() else nn.ELU())
    xs.append(nn.GELU() if nn.Sequential() else nn.ELU())
    return nn.Sequential(*xs)
""",
    "classes that a base hears of": """
class Base(nn.Module):
    registry = {}
    width = 1
    def __init_subclass__(cls, width=2, **kw):
        super().__init_subclass__(**kw)
        cls.width = width
        Base.registry[cls.__name__] = cls
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(1, self.width))
class One(Base): pass
class Two(Base, width=5): pass
def build():
    return nn.Sequential(*[c() for c in Base.registry.values()])
""",
    "changed in place under two names": """
def build():
    d = {"a": 1}
    e = d
    e |= {"b": 2}
    s = {1}
    t = s
    t |= {2, 3}
    xs = [nn.ReLU()]
    ys = xs
    ys *= 2
    ys += (nn.Tanh(),)
    return nn.Sequential(nn.Linear(len(d), len(s)), *xs)
""",
    "deletions of what is not there": """
W = 5
def build():
    W2 = 3
    del W2
    d = {"a": 1, "b": 2}
    try:
        del d["z"]
    except KeyError:
        d["c"] = 3
    xs = [1, 2]
    try:
        del xs[5]
    except IndexError:
        xs.append(9)
    class O: pass
    o = O()
    try:
        del o.x
    except AttributeError:
        xs.append(8)
    try:
        o.y
    except AttributeError:
        xs.append(7)
    return nn.Sequential(*[nn.Linear(1, x) for x in xs], nn.Linear(len(d), 1))
""",
    "children that are None": """
def build():
    s = nn.Sequential(nn.Linear(1, 1), nn.ReLU())
    s.register_module("x", None)
    class M(nn.Module):
        def __init__(self):
            super().__init__()
            self.down = None
            self.body = nn.Sequential(nn.ReLU())
            self.down = nn.Sequential(nn.Tanh())
            self.body = None
    m = M()
    return nn.Sequential(*[c for c in m.children()], nn.Linear(len(s), 1))
""",
    "an exception of the program": """
class Bad(ValueError): pass
def check(v):
    if v > 2:
        raise Bad("x")
    return nn.Linear(v, 1)
def build():
    xs = []
    for v in (1, 3, 2):
        try:
            xs.append(check(v))
        except ValueError:
            xs.append(nn.ReLU())
        else:
            xs.append(nn.Tanh())
    return nn.Sequential(*xs)
""",
    "a list of a class that its objects fill": """
class Block(nn.Module):
    layers = []
    def __init__(self, k):
        super().__init__()
        self.layers.append(nn.Linear(k, k))
        self.body = nn.Sequential(*self.layers)
    def forward(self, x): return self.body(x)
def build():
    return nn.Sequential(Block(1), Block(2))
""",
    "a class that counts its objects": """
class Block(nn.Module):
    count = 0
    def __init__(self):
        super().__init__()
        Block.count += 1
        self.net = nn.Sequential(nn.Linear(4, Block.count))
def build():
    return nn.Sequential(Block(), Block(), nn.Linear(4, Block.count + 5))
""",
    "members of enumerations that are texts and numbers": """
from enum import Enum, IntEnum
class Mode(str, Enum):
    A = "a"
    B = "b"
class Size(IntEnum):
    S = 2
    L = 5
ACTS = {"a": nn.ReLU, "b": nn.Tanh}
def build():
    xs = [ACTS[Mode.A](), ACTS.get(Mode.B, nn.GELU)()]
    if Mode.A == "a": xs.append(nn.ELU())
    if "b" in (Mode.A, Mode.B): xs.append(nn.SiLU())
    if Size.L > 3: xs.append(nn.CELU())
    if Mode("b") is Mode.B: xs.append(nn.SELU())
    if Size.S == 2: xs.append(nn.ReLU6())
    return nn.Sequential(*xs, nn.Linear(Size.S, Size.L + 1))
""",
    "an alias in an enumeration": """
from enum import Enum, auto
class Kind(Enum):
    A = "relu"
    B = "tanh"
    C = "relu"
class N(Enum):
    X = auto()
    Y = auto()
def build():
    acts = {Kind.A: nn.ReLU, Kind.B: nn.Tanh}
    return nn.Sequential(*[acts[k]() for k in Kind], acts[Kind("tanh")](), acts[Kind["C"]](), nn.Linear(len(Kind), N.Y.value), nn.GELU() if Kind.A == "relu" else nn.ELU())
""",
    "a division by zero": """
import math
def inverse(v):
    try:
        return nn.Linear(int(8 / v), 1)
    except ZeroDivisionError:
        return nn.ReLU()
def build():
    return nn.Sequential(nn.Linear(pow(3, 4, 5), int(math.pow(2, 3))), inverse(0), inverse(2), nn.Dropout(math.pow(1, 1)))
""",
    "a __setattr__ of its own": """
class Cfg:
    def __init__(self, **kw):
        for k, v in kw.items():
            setattr(self, k, v)
    def __setattr__(self, k, v):
        object.__setattr__(self, k, v * 2)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(1, 1)
        self.net = nn.Sequential(self.a)
    def __setattr__(self, name, value):
        super().__setattr__(name + "_", value) if name == "a" else super().__setattr__(name, value)
    @property
    def a(self): return self.a_
def build():
    c = Cfg(w=3)
    c.v = 5
    return nn.Sequential(nn.Linear(c.w, c.v), nn.Linear(1, 1))
""",
}
