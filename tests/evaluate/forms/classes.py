"""Classes of the program and their instances."""

from __future__ import annotations

FORMS: dict[str, str] = {
    "subclass of Sequential": """
class Block(nn.Sequential):
    def __init__(self, a, b, k=3, *, act=nn.ReLU):
        super().__init__(nn.Conv2d(a, b, k, padding=(k - 1) // 2), nn.BatchNorm2d(b), act())
def build(): return nn.Sequential(Block(3, 8), Block(8, 16, 5, act=nn.GELU))
""",
    "subclass grown after super": """
class Block(nn.Sequential):
    def __init__(self, n):
        super(Block, self).__init__()
        for i in range(n):
            self.add_module(str(i), nn.Conv2d(3, 3, 1))
def build(): return Block(3)
""",
    "subclass of layer": """
class Same(nn.Conv2d):
    def __init__(self, a, b, k, **kw):
        super().__init__(a, b, k, padding=k // 2, **kw)
def build(): return nn.Sequential(Same(3, 8, 5, bias=False), Same(8, 8, 3, stride=2))
""",
    "dataclass config": """
from dataclasses import dataclass, field, replace
@dataclass
class Cfg:
    width: int = 8
    kernels: list = field(default_factory=lambda: [3, 1])
    act: type = nn.ReLU
    def total(self): return len(self.kernels)
@dataclass
class Wide(Cfg):
    factor: int = 2
    def __post_init__(self): self.width *= self.factor
def net(cfg):
    return nn.Sequential(*[nn.Conv2d(3 if i == 0 else cfg.width, cfg.width, k) for i, k in enumerate(cfg.kernels)], cfg.act())
def build(): return nn.Sequential(net(Cfg()), net(Wide(4, act=nn.Tanh)), net(replace(Cfg(), width=5)))
""",
    "dataclass init called by derived": """
from dataclasses import dataclass
@dataclass
class Base:
    a: int
    b: int
class Derived(Base):
    def __init__(self, a, scale=2): super().__init__(a * scale, a)
def build():
    d = Derived(4)
    return nn.Sequential(nn.Conv2d(d.b, d.a, 1))
""",
    "named tuples": """
from collections import namedtuple
from typing import NamedTuple
Row = namedtuple("Row", "c k s")
class Spec(NamedTuple):
    rows: tuple
    bias: bool = True
def build():
    spec = Spec((Row(3, 3, 1), Row(4, 1, 2)))
    return nn.Sequential(*[nn.Conv2d(c, 4, k, stride=s, bias=spec.bias) for c, k, s in spec.rows])
""",
    "enum config": """
from enum import Enum
class Act(Enum):
    RELU = "relu"
    TANH = "tanh"
    @classmethod
    def of(cls, text): return cls[text.upper()]
TABLE = {Act.RELU: nn.ReLU, Act.TANH: nn.Tanh}
def build(): return nn.Sequential(TABLE[Act.of("tanh")](), TABLE[Act("relu")]())
""",
    "class attribute and property": """
class Net(nn.Module):
    expansion = 4
    def __init__(self, c):
        super().__init__()
        self.c = c
        self.net = nn.Sequential(nn.Conv2d(c, self.out, 1))
    @property
    def out(self): return self.c * self.expansion
class Wide(Net):
    expansion = 8
def build(): return nn.Sequential(Net(2), Wide(16))
""",
    "method builds stages": """
class Net(nn.Module):
    def __init__(self, depths=(2, 1)):
        super().__init__()
        self.inplanes = 4
        self.stages = nn.ModuleList([self._make(8 * 2 ** i, n) for i, n in enumerate(depths)])
    def _make(self, c, n):
        layers = []
        for _ in range(n):
            layers.append(nn.Conv2d(self.inplanes, c, 3, padding=1))
            self.inplanes = c
        return nn.Sequential(*layers)
def build(): return Net()
""",
    "multiple inheritance": """
class Named:
    def __init__(self, *args, label="x", **kwargs):
        super().__init__(*args, **kwargs)
        self.label = label
class Scaled(nn.Module):
    def __init__(self, c=3):
        super().__init__()
        self.conv = nn.Conv2d(c, c, 1)
class Both(Named, Scaled):
    def __init__(self, c): super().__init__(c, label="both")
def build(): return nn.Sequential(Both(5))
""",
    "diamond": """
class A(nn.Module):
    def __init__(self): super().__init__(); self.a = nn.ReLU()
class B(A):
    def __init__(self): super().__init__(); self.b = nn.Tanh()
class C(A):
    def __init__(self): super().__init__(); self.c = nn.Sigmoid()
class D(B, C):
    def __init__(self): super().__init__(); self.d = nn.GELU()
def build(): return D()
""",
    "static and class methods": """
class Net(nn.Sequential):
    @staticmethod
    def pad(k): return k // 2
    @classmethod
    def small(cls, **kw): return cls(4, **kw)
    def __init__(self, c, k=3): super().__init__(nn.Conv2d(3, c, k, padding=self.pad(k)))
def build(): return nn.Sequential(Net.small(k=5), Net(2))
""",
    "explicit init of base": "class Block(nn.Sequential):\n    def __init__(self, c):\n        nn.Sequential.__init__(self, nn.Conv2d(c, c, 1))\ndef build(): return Block(3)",
    "callable object": """
class Maker:
    def __init__(self, k): self.k = k
    def __call__(self, a, b): return nn.Conv2d(a, b, self.k)
def build():
    make = Maker(3)
    return nn.Sequential(make(3, 4), make(4, 5))
""",
    "getattr with default": "class Cfg:\n    k = 3\ndef build(): return nn.Sequential(nn.Conv2d(3, 3, getattr(Cfg, 'k', 1)), nn.Conv2d(3, 3, getattr(Cfg(), 'q', 2)), nn.ReLU() if hasattr(Cfg, 'q') else nn.Tanh())",
    "dataclass tools": """
from dataclasses import dataclass, field, fields, asdict, replace, is_dataclass
@dataclass
class Inner:
    k: int = 3
@dataclass
class Cfg:
    width: int = 4
    inner: Inner = field(default_factory=Inner)
    parts: list = field(default_factory=lambda: [Inner(5), Inner(7)])
    double: int = 0
    def __post_init__(self): self.double = 2 * self.width
def build():
    cfg = replace(Cfg(), width=6)
    d = asdict(cfg)
    d["parts"].append({"k": 1})
    names = [f.name for f in fields(Cfg) if f.name != "parts"]
    return nn.Sequential(
        nn.Linear(cfg.width, cfg.double), nn.Linear(d["inner"]["k"], d["parts"][1]["k"]), nn.Linear(len(names), len(cfg.parts)),
        nn.ReLU() if is_dataclass(cfg) and not is_dataclass(d) else nn.Tanh(),
    )
""",
    "names of a data class's fields, and an environment where nothing is set": """
import os
from dataclasses import dataclass
@dataclass
class Base:
    width: int = 4
@dataclass
class Cfg(Base):
    depth: int = 2
WIDE = os.environ.get('SOME_MODEL_WIDE', 'false').lower() == 'true'
def build():
    known = set(Cfg.__dataclass_fields__.keys())
    given = {k: v for k, v in {'width': 7, 'depth': 3, 'other': 9}.items() if k in known}
    cfg = Cfg(**given)
    layers = [nn.Linear(cfg.width, 5 if WIDE else 6) for _ in range(cfg.depth)]
    if os.getenv('SOME_MODEL_NORM', None) is not None: layers.append(nn.BatchNorm1d(6))
    if os.environ.get('SOME_MODEL_ACT') is None: layers.append(nn.ReLU())
    return nn.Sequential(*layers)
""",
}
