"""Modules built from lists, in loops, changed after they were made."""

from __future__ import annotations

FORMS: dict[str, str] = {
    "positional": "def build(): return nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.MaxPool2d(2))",
    "ordered dict": """
from collections import OrderedDict
def build(): return nn.Sequential(OrderedDict([("conv", nn.Conv2d(3, 8, 3)), ("act", nn.ReLU())]))
""",
    "star list": "def build():\n    layers = [nn.Conv2d(3, 8, 3), nn.ReLU()]\n    return nn.Sequential(*layers)",
    "append in loop": """
def build():
    layers, c = [], 3
    for out in (8, 16, 32):
        layers.append(nn.Conv2d(c, out, 3, padding=1))
        layers += [nn.BatchNorm2d(out), nn.ReLU(inplace=True)]
        c = out
    return nn.Sequential(*layers)
""",
    "add_module in loop": """
def build():
    m = nn.Sequential()
    for i in range(3):
        m.add_module(f"conv{i}", nn.Conv2d(3 if i == 0 else 8, 8, 3))
        m.add_module("act%d" % i, nn.ReLU())
    return m
""",
    "vgg config": """
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
    "comprehension": "def build(): return nn.Sequential(*[nn.Conv2d(3, 3, k, padding=k // 2) for k in range(1, 8, 2) if k != 5])",
    "nested comprehension": "def build(): return nn.Sequential(*(f(i) for i in range(2) for f in (lambda i: nn.Conv2d(3, 3, 2 * i + 1, padding=i), lambda i: nn.ReLU())))",
    "zip and enumerate": """
def build():
    out = []
    for i, (a, b) in enumerate(zip([3, 8, 16], [8, 16, 32]), start=1):
        out.append((f"l{i}", nn.Conv2d(a, b, i)))
    from collections import OrderedDict
    return nn.Sequential(OrderedDict(out))
""",
    "append extend insert": """
def build():
    m = nn.Sequential(nn.ReLU())
    m.append(nn.Conv2d(3, 4, 1)).append(nn.Tanh())
    m.insert(0, nn.Conv2d(3, 3, 1))
    m.extend([nn.Sigmoid(), nn.ReLU6()])
    return m
""",
    "slice and index": "def build():\n    m = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, 4, 1))\n    return nn.Sequential(m[:2], m[-1])",
    "delete and pop": "def build():\n    m = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Tanh(), nn.Sigmoid())\n    del m[1]\n    m.pop(-1)\n    return m",
    "replace by index": "def build():\n    m = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())\n    m[1] = nn.GELU()\n    m[0].padding = (1, 1)\n    return nn.Sequential(*m)",
    "replace by name": """
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
    "aliasing": "def build():\n    a = b = [nn.Conv2d(3, 3, 1)]\n    b.append(nn.ReLU())\n    return nn.Sequential(*a)",
    "one module twice": "def build():\n    act = nn.ReLU()\n    return nn.Sequential(nn.Conv2d(3, 3, 1), act, nn.Conv2d(3, 3, 1), act)",
    "list times number": "def build():\n    return nn.Sequential(*[nn.Conv2d(3, 3, 3, padding=1)] * 3)",
    "list changed after Sequential": "def build():\n    layers = [nn.ReLU()]\n    m = nn.Sequential(*layers)\n    layers.append(nn.Tanh())\n    return m",
    "deepcopy": """
import copy
def build():
    block = nn.Sequential(nn.Conv2d(3, 3, 1), nn.ReLU())
    clones = nn.ModuleList([copy.deepcopy(block) for _ in range(2)])
    clones[1][0] = nn.Conv2d(3, 3, 3)
    return nn.Sequential(block, *clones)
""",
    "module dict": "def build():\n    d = nn.ModuleDict({'a': nn.ReLU()})\n    d['b'] = nn.Tanh()\n    d.update({'c': nn.GELU()})\n    return nn.Sequential(*[d[k] for k in sorted(d.keys(), reverse=True)])",
    "children walked": """
def strip(m): return nn.Sequential(*list(m.children())[:-1])
def build(): return strip(nn.Sequential(nn.Conv2d(3, 3, 1), nn.ReLU(), nn.Linear(2, 2)))
""",
    "named children rebuilt": "def build():\n    m = nn.Sequential()\n    for n, c in nn.Sequential(nn.Conv2d(3, 3, 1), nn.ReLU()).named_children():\n        m.add_module('x' + n, nn.GELU() if isinstance(c, nn.ReLU) else c)\n    return m",
    "modules swapped by setattr": """
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
    "iadd on Sequential list": "def build():\n    a = nn.ModuleList([nn.ReLU()])\n    a += [nn.Tanh()]\n    return nn.Sequential(*a)",
    "truthiness of modules": "def build():\n    a, b = nn.Sequential(), nn.Sequential(nn.ReLU())\n    return nn.Sequential(*( [a] if len(a) else []), b or nn.Tanh())",
    "names that torch refuses": """
def named(name):
    m = nn.Sequential()
    try:
        m.add_module(name, nn.ReLU())
    except KeyError:
        m.add_module("key", nn.Tanh())
    except TypeError:
        m.add_module("kind", nn.GELU())
    return m
def build(): return nn.Sequential(*[named(name) for name in ("a", "a.b", "", 1, None, ("a",), "forward_")])
""",
    "names in dictionaries that torch refuses": """
from collections import OrderedDict
def tried(cls, name):
    try:
        return cls(OrderedDict([(name, nn.ReLU())]))
    except (KeyError, TypeError):
        return nn.Identity()
def build(): return nn.Sequential(*[tried(cls, name) for cls in (nn.Sequential, nn.ModuleDict) for name in ("a", "a.b", "", 1)])
""",
    "an attribute's name may hold a dot": """
def build():
    m = nn.Sequential()
    setattr(m, "a.b", nn.ReLU())
    return m
""",
}
