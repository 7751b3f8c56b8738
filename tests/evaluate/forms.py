"""How people write models: one small file a form, each with a function `build` that gives a module."""

from __future__ import annotations

FORMS: dict[str, str] = {}


def form(name: str, text: str) -> None:
    assert name not in FORMS
    FORMS[name] = text


form("positional", "def build(): return nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.MaxPool2d(2))")
form(
    "ordered dict",
    """
from collections import OrderedDict
def build(): return nn.Sequential(OrderedDict([("conv", nn.Conv2d(3, 8, 3)), ("act", nn.ReLU())]))
""",
)
form("star list", "def build():\n    layers = [nn.Conv2d(3, 8, 3), nn.ReLU()]\n    return nn.Sequential(*layers)")
form(
    "append in loop",
    """
def build():
    layers, c = [], 3
    for out in (8, 16, 32):
        layers.append(nn.Conv2d(c, out, 3, padding=1))
        layers += [nn.BatchNorm2d(out), nn.ReLU(inplace=True)]
        c = out
    return nn.Sequential(*layers)
""",
)
form(
    "add_module in loop",
    """
def build():
    m = nn.Sequential()
    for i in range(3):
        m.add_module(f"conv{i}", nn.Conv2d(3 if i == 0 else 8, 8, 3))
        m.add_module("act%d" % i, nn.ReLU())
    return m
""",
)
form(
    "vgg config",
    """
CFG = {"A": [8, "M", 16, "M"], "B": [8, 8, "M"]}
def make(cfg, norm=False):
    layers, c = [], 3
    for v in cfg:
        if v == "M":
            layers += [nn.MaxPool2d(kernel_size=2, stride=2)]
        else:
            conv = nn.Conv2d(c, v, kernel_size=3, padding=1)
            layers += [conv, nn.BatchNorm2d(v), nn.ReLU(True)] if norm else [conv, nn.ReLU(True)]
            c = v
    return nn.Sequential(*layers)
def build(): return nn.Sequential(make(CFG["A"], norm=True), make(CFG["B"]))
""",
)
form(
    "comprehension",
    "def build(): return nn.Sequential(*[nn.Conv2d(3, 3, k, padding=k // 2) for k in range(1, 8, 2) if k != 5])",
)
form(
    "nested comprehension",
    "def build(): return nn.Sequential(*(f(i) for i in range(2) for f in (lambda i: nn.Conv2d(3, 3, 2 * i + 1, padding=i), lambda i: nn.ReLU())))",
)
form(
    "zip and enumerate",
    """
def build():
    out = []
    for i, (a, b) in enumerate(zip([3, 8, 16], [8, 16, 32]), start=1):
        out.append((f"l{i}", nn.Conv2d(a, b, i)))
    from collections import OrderedDict
    return nn.Sequential(OrderedDict(out))
""",
)
form(
    "append extend insert",
    """
def build():
    m = nn.Sequential(nn.ReLU())
    m.append(nn.Conv2d(3, 4, 1)).append(nn.Tanh())
    m.insert(0, nn.Conv2d(3, 3, 1))
    m.extend([nn.Sigmoid(), nn.ReLU6()])
    return m
""",
)
form(
    "slice and index",
    "def build():\n    m = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, 4, 1))\n    return nn.Sequential(m[:2], m[-1])",
)
form(
    "delete and pop",
    "def build():\n    m = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Tanh(), nn.Sigmoid())\n    del m[1]\n    m.pop(-1)\n    return m",
)
form(
    "replace by index",
    "def build():\n    m = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())\n    m[1] = nn.GELU()\n    m[0].padding = (1, 1)\n    return nn.Sequential(*m)",
)
form(
    "replace by name",
    """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(4, 2)
        self.body = nn.ReLU()
def build():
    net = Net()
    net.head = nn.Linear(4, 7)
    setattr(net, "extra", nn.Identity())
    del net.body
    return net
""",
)
form(
    "subclass of Sequential",
    """
class Block(nn.Sequential):
    def __init__(self, a, b, k=3, *, act=nn.ReLU):
        super().__init__(nn.Conv2d(a, b, k, padding=(k - 1) // 2), nn.BatchNorm2d(b), act())
def build(): return nn.Sequential(Block(3, 8), Block(8, 16, 5, act=nn.GELU))
""",
)
form(
    "subclass grown after super",
    """
class Block(nn.Sequential):
    def __init__(self, n):
        super(Block, self).__init__()
        for i in range(n):
            self.add_module(str(i), nn.Conv2d(3, 3, 1))
def build(): return Block(3)
""",
)
form(
    "subclass of layer",
    """
class Same(nn.Conv2d):
    def __init__(self, a, b, k, **kw):
        super().__init__(a, b, k, padding=k // 2, **kw)
def build(): return nn.Sequential(Same(3, 8, 5, bias=False), Same(8, 8, 3, stride=2))
""",
)
form(
    "class held in a variable",
    """
def conv(a, b, norm_layer=None, act_layer=nn.ReLU):
    norm_layer = norm_layer or nn.BatchNorm2d
    return nn.Sequential(nn.Conv2d(a, b, 1), norm_layer(b), act_layer())
def build(): return nn.Sequential(conv(3, 8), conv(8, 8, nn.InstanceNorm2d, nn.Tanh))
""",
)
form(
    "partial",
    """
from functools import partial
def build():
    norm = partial(nn.GroupNorm, 4)
    conv = partial(nn.Conv2d, kernel_size=3, padding=1)
    return nn.Sequential(conv(3, 8), norm(8), partial(conv, stride=2)(8, 8, padding=0))
""",
)
form(
    "factory by name",
    """
ACTS = dict(relu=nn.ReLU, gelu=nn.GELU, none=nn.Identity)
def act(name): return ACTS[name]()
def build(): return nn.Sequential(act("relu"), act("none"), getattr(nn, "Tan" + "h")())
""",
)
form(
    "registry by decorator",
    """
REGISTRY = {}
def register(name=None):
    def wrap(cls):
        REGISTRY[name or cls.__name__.lower()] = cls
        return cls
    return wrap
@register()
class Up(nn.Sequential):
    def __init__(self, c): super().__init__(nn.ConvTranspose2d(c, c, 2, stride=2))
@register("down")
class D(nn.Sequential):
    def __init__(self, c): super().__init__(nn.Conv2d(c, c, 2, stride=2))
def build(): return nn.Sequential(*[REGISTRY[n](3) for n in ("up", "down")])
""",
)
form(
    "wrapping decorator",
    """
import functools
def legacy(**renamed):
    def outer(fn):
        @functools.wraps(fn)
        def inner(*args, **kwargs):
            for old, new in renamed.items():
                if old in kwargs:
                    kwargs[new] = kwargs.pop(old)
            return fn(*args, **kwargs)
        return inner
    return outer
@legacy(width="channels")
def make(channels=4, k=3): return nn.Sequential(nn.Conv2d(3, channels, k))
def build(): return nn.Sequential(make(), make(width=9), make(5, k=1))
""",
)
form(
    "signature",
    """
import inspect
def make(a, *, b=3, c=1): return nn.Conv2d(a, b, c)
def build():
    kw = [n for n, p in inspect.signature(make).parameters.items() if p.kind == p.KEYWORD_ONLY]
    return nn.Sequential(make(3, **dict(zip(kw, (7, 2)))))
""",
)
form(
    "kwargs popped",
    """
def conv(a, b, **kwargs):
    act = kwargs.pop("act", True)
    kwargs.setdefault("bias", False)
    return nn.Sequential(nn.Conv2d(a, b, kwargs.pop("k"), **kwargs), nn.ReLU() if act else nn.Identity())
def build(): return nn.Sequential(conv(3, 8, k=3), conv(8, 8, k=1, act=False, bias=True, dilation=2))
""",
)
form(
    "config dict passed on",
    """
DEFAULT = {"width": 8, "depth": 2, "k": 3}
def net(**overrides):
    cfg = {**DEFAULT, **overrides}
    return nn.Sequential(*[nn.Conv2d(3 if i == 0 else cfg["width"], cfg["width"], cfg["k"]) for i in range(cfg["depth"])])
def build(): return nn.Sequential(net(), net(depth=3, width=4))
""",
)
form(
    "dataclass config",
    """
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
)
form(
    "dataclass init called by derived",
    """
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
)
form(
    "named tuples",
    """
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
)
form(
    "enum config",
    """
from enum import Enum
class Act(Enum):
    RELU = "relu"
    TANH = "tanh"
    @classmethod
    def of(cls, text): return cls[text.upper()]
TABLE = {Act.RELU: nn.ReLU, Act.TANH: nn.Tanh}
def build(): return nn.Sequential(TABLE[Act.of("tanh")](), TABLE[Act("relu")]())
""",
)
form(
    "class attribute and property",
    """
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
)
form(
    "method builds stages",
    """
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
)
form(
    "multiple inheritance",
    """
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
)
form(
    "diamond",
    """
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
)
form(
    "aliasing", "def build():\n    a = b = [nn.Conv2d(3, 3, 1)]\n    b.append(nn.ReLU())\n    return nn.Sequential(*a)"
)
form(
    "one module twice",
    "def build():\n    act = nn.ReLU()\n    return nn.Sequential(nn.Conv2d(3, 3, 1), act, nn.Conv2d(3, 3, 1), act)",
)
form("list times number", "def build():\n    return nn.Sequential(*[nn.Conv2d(3, 3, 3, padding=1)] * 3)")
form(
    "mutable default",
    """
def grow(layer, into=[]):
    into.append(layer)
    return into
def build():
    grow(nn.ReLU())
    return nn.Sequential(*grow(nn.Tanh()))
""",
)
form(
    "list changed after Sequential",
    "def build():\n    layers = [nn.ReLU()]\n    m = nn.Sequential(*layers)\n    layers.append(nn.Tanh())\n    return m",
)
form(
    "closure",
    """
def build():
    n = 0
    def conv():
        nonlocal n
        n += 1
        return nn.Conv2d(3, 3, 2 * n - 1)
    return nn.Sequential(conv(), conv(), conv())
""",
)
form(
    "late binding lambda",
    "def build():\n    fs = [lambda: nn.Conv2d(3, k, 1) for k in (1, 2, 3)]\n    return nn.Sequential(*[f() for f in fs])",
)
form(
    "default captures early",
    "def build():\n    fs = [lambda k=k: nn.Conv2d(3, k, 1) for k in (1, 2, 3)]\n    return nn.Sequential(*[f() for f in fs])",
)
form(
    "deepcopy",
    """
import copy
def build():
    block = nn.Sequential(nn.Conv2d(3, 3, 1), nn.ReLU())
    clones = nn.ModuleList([copy.deepcopy(block) for _ in range(2)])
    clones[1][0] = nn.Conv2d(3, 3, 3)
    return nn.Sequential(block, *clones)
""",
)
form(
    "for else and break",
    """
def build():
    layers = []
    for k in (2, 4, 5, 6):
        if k % 2:
            layers.append(nn.Conv2d(3, 3, k))
            break
    else:
        layers.append(nn.Identity())
    for k in (2, 4):
        if k % 2:
            break
    else:
        layers.append(nn.Tanh())
    return nn.Sequential(*layers)
""",
)
form(
    "while and continue",
    """
def build():
    layers, c = [], 3
    while c < 50:
        c *= 2
        if c == 12:
            continue
        layers.append(nn.Conv2d(c // 2, c, 1))
    return nn.Sequential(*layers)
""",
)
form(
    "try except",
    """
SIZES = {"a": 3}
def size(name):
    try:
        return SIZES[name]
    except KeyError:
        return 5
    finally:
        SIZES["seen"] = 1
def build(): return nn.Sequential(nn.Conv2d(3, size("a"), 1), nn.Conv2d(3, size("b"), 1))
""",
)
form(
    "generator",
    """
def layers(n):
    for i in range(n):
        yield nn.Conv2d(3, 3, i + 1)
        if i % 2:
            yield nn.ReLU()
    yield from (nn.Tanh(), nn.GELU())
def build(): return nn.Sequential(*layers(3))
""",
)
form(
    "conditional expressions",
    "def build(norm=None, last=False):\n    return nn.Sequential(nn.Conv2d(3, 8, 1, bias=norm is None), *([nn.BatchNorm2d(8)] if norm else []), nn.Identity() if last else nn.ReLU())",
)
form(
    "walrus and chained comparison",
    "def build():\n    ks = [k for n in range(6) if 1 < (k := 2 * n - 1) <= 7]\n    return nn.Sequential(*[nn.Conv2d(3, 3, k) for k in ks])",
)
form(
    "star unpacking",
    "def build():\n    first, *rest, last = [3, 8, 16, 4]\n    return nn.Sequential(nn.Conv2d(first, rest[0], 1), nn.Conv2d(*rest, 1), nn.Conv2d(rest[-1], last, 1))",
)
form(
    "arithmetic",
    """
import math
def divisible(v, d=8):
    new = max(d, int(v + d / 2) // d * d)
    return new + d if new < 0.9 * v else new
def build():
    t = int(abs((math.log(64, 2) + 1) / 2))
    k = t if t % 2 else t + 1
    return nn.Sequential(nn.Conv1d(1, divisible(37 * 1.1), k, padding=(k - 1) // 2), nn.Conv1d(40, -(-41 // 2), math.ceil(2.1)), nn.Conv1d(round(2.5), 2 ** 3, 7 & 5))
""",
)
form(
    "linspace of rates",
    """
def build():
    rates = [x.item() for x in torch.linspace(0, 0.3, 4)]
    return nn.Sequential(*[nn.Dropout(r) if r > 0.0 else nn.Identity() for r in rates])
""",
)
form(
    "strings",
    "def build():\n    m = nn.Sequential()\n    for part in 'conv_3-act'.split('-'):\n        kind, _, n = part.partition('_')\n        m.add_module(kind.upper(), nn.Conv2d(int(n), 1, 1) if n.isdigit() else nn.ReLU())\n    return m",
)
form(
    "module dict",
    "def build():\n    d = nn.ModuleDict({'a': nn.ReLU()})\n    d['b'] = nn.Tanh()\n    d.update({'c': nn.GELU()})\n    return nn.Sequential(*[d[k] for k in sorted(d.keys(), reverse=True)])",
)
form(
    "children walked",
    """
def strip(m): return nn.Sequential(*list(m.children())[:-1])
def build(): return strip(nn.Sequential(nn.Conv2d(3, 3, 1), nn.ReLU(), nn.Linear(2, 2)))
""",
)
form(
    "named children rebuilt",
    "def build():\n    m = nn.Sequential()\n    for n, c in nn.Sequential(nn.Conv2d(3, 3, 1), nn.ReLU()).named_children():\n        m.add_module('x' + n, nn.GELU() if isinstance(c, nn.ReLU) else c)\n    return m",
)
form(
    "modules swapped by setattr",
    """
def swap(m):
    for name, child in m.named_children():
        if isinstance(child, nn.BatchNorm2d):
            setattr(m, name, nn.GroupNorm(2, child.num_features))
        else:
            swap(child)
def build():
    m = nn.Sequential(nn.Conv2d(3, 4, 1), nn.Sequential(nn.BatchNorm2d(4)), nn.BatchNorm2d(8))
    swap(m)
    return m
""",
)
form(
    "static and class methods",
    """
class Net(nn.Sequential):
    @staticmethod
    def pad(k): return k // 2
    @classmethod
    def small(cls, **kw): return cls(4, **kw)
    def __init__(self, c, k=3): super().__init__(nn.Conv2d(3, c, k, padding=self.pad(k)))
def build(): return nn.Sequential(Net.small(k=5), Net(2))
""",
)
form(
    "global counter",
    """
COUNT = 0
def conv():
    global COUNT
    COUNT += 1
    return nn.Conv2d(3, COUNT, 1)
def build(): return nn.Sequential(conv(), conv())
""",
)
form(
    "explicit init of base",
    "class Block(nn.Sequential):\n    def __init__(self, c):\n        nn.Sequential.__init__(self, nn.Conv2d(c, c, 1))\ndef build(): return Block(3)",
)
form(
    "match statement",
    """
def layer(kind):
    match kind:
        case "conv" | "c": return nn.Conv2d(3, 3, 1)
        case None: return nn.Identity()
        case other: return nn.Linear(len(other), 1)
def build(): return nn.Sequential(layer("c"), layer(None), layer("abcd"))
""",
)
form(
    "iadd on Sequential list",
    "def build():\n    a = nn.ModuleList([nn.ReLU()])\n    a += [nn.Tanh()]\n    return nn.Sequential(*a)",
)
form(
    "set of names",
    "def build():\n    skip = {'b', 'c'}\n    skip |= {'d'}\n    return nn.Sequential(*[nn.Conv2d(3, i + 1, 1) for i, n in enumerate('abcde') if n not in skip])",
)
form(
    "callable object",
    """
class Maker:
    def __init__(self, k): self.k = k
    def __call__(self, a, b): return nn.Conv2d(a, b, self.k)
def build():
    make = Maker(3)
    return nn.Sequential(make(3, 4), make(4, 5))
""",
)
form(
    "simple namespace",
    "from types import SimpleNamespace\ndef build():\n    cfg = SimpleNamespace(c=4)\n    cfg.k = 3\n    return nn.Sequential(nn.Conv2d(cfg.c, cfg.c, cfg.k))",
)
form(
    "reduce and map",
    "from functools import reduce\nimport operator\ndef build():\n    return nn.Sequential(*map(nn.Linear, [1, 2], [3, 4]), nn.Linear(reduce(operator.mul, [2, 3, 4]), 1))",
)
form(
    "isinstance of tuples",
    """
def pair(x): return tuple(x) if isinstance(x, (list, tuple)) else (x, x)
def build(): return nn.Sequential(nn.Conv2d(3, 3, pair(3)), nn.Conv2d(3, 3, pair([1, 5])), nn.MaxPool2d(pair((2, 1))))
""",
)
form(
    "getattr with default",
    "class Cfg:\n    k = 3\ndef build(): return nn.Sequential(nn.Conv2d(3, 3, getattr(Cfg, 'k', 1)), nn.Conv2d(3, 3, getattr(Cfg(), 'q', 2)), nn.ReLU() if hasattr(Cfg, 'q') else nn.Tanh())",
)
form(
    "defaultdict",
    "from collections import defaultdict\ndef build():\n    d = defaultdict(list)\n    for i in range(4):\n        d[i % 2].append(nn.Conv2d(3, i + 1, 1))\n    return nn.Sequential(*d[1], *d[0])",
)
form(
    "chain and product",
    "from itertools import chain, product\ndef build(): return nn.Sequential(*chain([nn.ReLU()], (nn.Conv2d(3, a, b) for a, b in product((1, 2), (3, 5)))))",
)
form(
    "truthiness of modules",
    "def build():\n    a, b = nn.Sequential(), nn.Sequential(nn.ReLU())\n    return nn.Sequential(*( [a] if len(a) else []), b or nn.Tanh())",
)
form(
    "early return",
    "def f(n):\n    if n == 0:\n        return nn.Identity()\n    for k in range(9):\n        if k * k >= n:\n            return nn.Conv2d(3, 3, k)\ndef build(): return nn.Sequential(f(0), f(5))",
)
form(
    "recursion",
    "def tree(n): return nn.ReLU() if n == 0 else nn.Sequential(tree(n - 1), nn.Conv2d(3, 3, n), tree(n - 1))\ndef build(): return tree(3)",
)
form(
    "union of sets leaves both",
    "def build():\n    a = {1}\n    b = a.union([2, 3])\n    return nn.Sequential(nn.Conv2d(3, len(a), 1), nn.Conv2d(3, len(b), 1))",
)

PACKAGES: dict[str, dict[str, str]] = {
    "relative imports": {
        "pkg/__init__.py": "from .blocks import block\n",
        "pkg/blocks.py": "from torch import nn\nfrom . import sizes\nfrom .deep.more import extra\ndef block(c): return nn.Sequential(nn.Conv2d(c, sizes.WIDTH, 1), extra())\n",
        "pkg/sizes.py": "WIDTH = 7\n",
        "pkg/deep/__init__.py": "",
        "pkg/deep/more.py": "import torch.nn as nn\nfrom ..sizes import WIDTH as W\ndef extra(): return nn.BatchNorm2d(W)\n",
        "main.py": "from pkg import block\ndef build(): return block(3)\n",
    },
    "star import and all": {
        "lib/__init__.py": "from .a import *\nfrom .b import *\n",
        "lib/a.py": "from torch import nn\n__all__ = ['one']\ndef one(): return nn.ReLU()\ndef hidden(): return nn.Tanh()\n",
        "lib/b.py": "from torch import nn\ndef two(): return nn.GELU()\n",
        "main.py": "from torch import nn\nfrom lib import *\ndef build(): return nn.Sequential(one(), two())\n",
    },
    "cycle": {
        "x.py": "import y\nfrom torch import nn\nC = 4\ndef make(): return nn.Conv2d(3, y.D, 1)\n",
        "y.py": "import x\nD = 6\ndef other(): return x.make()\n",
        "main.py": "from torch import nn\nfrom y import other\ndef build(): return nn.Sequential(other())\n",
    },
    "namespace package": {
        "space/inner/leaf.py": "import torch.nn as N\nclass Leaf(N.Sequential):\n    def __init__(self): super().__init__(N.Conv1d(1, 2, 3))\n",
        "main.py": "import space.inner.leaf as leaf\nfrom space.inner.leaf import Leaf\nfrom torch import nn\ndef build(): return nn.Sequential(leaf.Leaf(), Leaf())\n",
    },
    "base class elsewhere": {
        "base.py": "from torch.nn import Module, Sequential, Conv2d as C\nclass Base(Module):\n    k = 1\n    def __init__(self, c):\n        super().__init__()\n        self.body = self.make(c)\n    def make(self, c): return Sequential(C(c, c, self.k))\n",
        "main.py": "import base\nfrom torch import nn\nclass Net(base.Base):\n    k = 3\n    def make(self, c): return nn.Sequential(super().make(c), nn.ReLU())\ndef build(): return Net(2)\n",
    },
    "type checking and optional import": {
        "helper.py": "from torch import nn\ndef act(): return nn.ReLU()\n",
        "main.py": "from typing import TYPE_CHECKING\nfrom torch import nn\nif TYPE_CHECKING:\n    from nowhere import Thing\ntry:\n    from helper import act\nexcept ImportError:\n    act = nn.Tanh\ndef build(): return nn.Sequential(act())\n",
    },
}
