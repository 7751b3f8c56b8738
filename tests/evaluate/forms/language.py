"""Python's statements, operators and library."""

from __future__ import annotations

FORMS: dict[str, str] = {
    "for else and break": """
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
    "while and continue": """
def build():
    layers, c = [], 3
    while c < 50:
        c *= 2
        if c == 12:
            continue
        layers.append(nn.Conv2d(c // 2, c, 1))
    return nn.Sequential(*layers)
""",
    "try except": """
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
    "conditional expressions": "def build(norm=None, last=False):\n    return nn.Sequential(nn.Conv2d(3, 8, 1, bias=norm is None), *([nn.BatchNorm2d(8)] if norm else []), nn.Identity() if last else nn.ReLU())",
    "walrus and chained comparison": "def build():\n    ks = [k for n in range(6) if 1 < (k := 2 * n - 1) <= 7]\n    return nn.Sequential(*[nn.Conv2d(3, 3, k) for k in ks])",
    "star unpacking": "def build():\n    first, *rest, last = [3, 8, 16, 4]\n    return nn.Sequential(nn.Conv2d(first, rest[0], 1), nn.Conv2d(*rest, 1), nn.Conv2d(rest[-1], last, 1))",
    "arithmetic": """
import math
def divisible(v, d=8):
    new = max(d, int(v + d / 2) // d * d)
    return new + d if new < 0.9 * v else new
def build():
    t = int(abs((math.log(64, 2) + 1) / 2))
    k = t if t % 2 else t + 1
    return nn.Sequential(nn.Conv1d(1, divisible(37 * 1.1), k, padding=(k - 1) // 2), nn.Conv1d(40, -(-41 // 2), math.ceil(2.1)), nn.Conv1d(round(2.5), 2 ** 3, 7 & 5))
""",
    "linspace of rates": """
def build():
    rates = [x.item() for x in torch.linspace(0, 0.3, 4)]
    return nn.Sequential(*[nn.Dropout(r) if r > 0.0 else nn.Identity() for r in rates])
""",
    "strings": "def build():\n    m = nn.Sequential()\n    for part in 'conv_3-act'.split('-'):\n        kind, _, n = part.partition('_')\n        m.add_module(kind.upper(), nn.Conv2d(int(n), 1, 1) if n.isdigit() else nn.ReLU())\n    return m",
    "match statement": """
def layer(kind):
    match kind:
        case "conv" | "c": return nn.Conv2d(3, 3, 1)
        case None: return nn.Identity()
        case other: return nn.Linear(len(other), 1)
def build(): return nn.Sequential(layer("c"), layer(None), layer("abcd"))
""",
    "set of names": "def build():\n    skip = {'b', 'c'}\n    skip |= {'d'}\n    return nn.Sequential(*[nn.Conv2d(3, i + 1, 1) for i, n in enumerate('abcde') if n not in skip])",
    "simple namespace": "from types import SimpleNamespace\ndef build():\n    cfg = SimpleNamespace(c=4)\n    cfg.k = 3\n    return nn.Sequential(nn.Conv2d(cfg.c, cfg.c, cfg.k))",
    "reduce and map": "from functools import reduce\nimport operator\ndef build():\n    return nn.Sequential(*map(nn.Linear, [1, 2], [3, 4]), nn.Linear(reduce(operator.mul, [2, 3, 4]), 1))",
    "isinstance of tuples": """
def pair(x): return tuple(x) if isinstance(x, (list, tuple)) else (x, x)
def build(): return nn.Sequential(nn.Conv2d(3, 3, pair(3)), nn.Conv2d(3, 3, pair([1, 5])), nn.MaxPool2d(pair((2, 1))))
""",
    "isinstance of abstract classes": """
import enum, numbers, typing
from collections import abc
KINDS = (abc.Hashable, abc.Container, abc.Reversible, abc.Sized, abc.Iterable, abc.Mapping, typing.Hashable, numbers.Complex, numbers.Rational, enum.Enum)
VALUES = ("text", 3, 2.5, None, (1, 2), [1], {1: 2})
def build():
    widths = [1 + sum(2 ** i for i, value in enumerate(VALUES) if isinstance(value, kind)) for kind in KINDS[:9]]
    widths.append(1 + sum(isinstance(value, enum.Enum) for value in VALUES[:5]))
    return nn.Sequential(*[nn.Linear(1, width) for width in widths])
""",
    "an option looked up": """
import enum
from collections.abc import Hashable, Mapping
def option(key: Hashable, known):
    if not isinstance(key, Hashable):
        raise ValueError(f"{key}")
    if isinstance(known, enum.EnumMeta):
        return known(key)
    if isinstance(known, Mapping) and key in known:
        return known[key]
    raise ValueError(f"{key} is none of {known}")
def build(): return nn.Sequential(option("conv", {"conv": nn.Conv2d})(1, 2, 3))
""",
    "defaultdict": "from collections import defaultdict\ndef build():\n    d = defaultdict(list)\n    for i in range(4):\n        d[i % 2].append(nn.Conv2d(3, i + 1, 1))\n    return nn.Sequential(*d[1], *d[0])",
    "chain and product": "from itertools import chain, product\ndef build(): return nn.Sequential(*chain([nn.ReLU()], (nn.Conv2d(3, a, b) for a, b in product((1, 2), (3, 5)))))",
    "a deque from both ends": "from collections import deque\ndef build():\n    q = deque([nn.ReLU(), nn.Tanh(), nn.GELU(), nn.ELU()])\n    first, last = q.popleft(), q.pop()\n    q.appendleft(nn.Linear(1, 2))\n    return nn.Sequential(last, *q, first)",
    "removed and emptied": "def build():\n    a = [4, 5, 6]\n    a.remove(5)\n    d = {1: 2}\n    d.clear()\n    d['k'] = 3\n    return nn.Sequential(*[nn.Conv2d(3, c, d['k']) for c in a])",
    "subsets": "def build():\n    names = ['a', 'b']\n    return nn.Sequential(nn.Conv2d(3, 4 if set(names).issubset({'a', 'b', 'c'}) else 5, 1), nn.Conv2d(4, 6 if {'a', 'd'}.issubset(names) else 7, 1), nn.Conv2d(7 if {'a', 'b'}.issuperset(names) else 2, 8, 1))",
    "union of sets leaves both": "def build():\n    a = {1}\n    b = a.union([2, 3])\n    return nn.Sequential(nn.Conv2d(3, len(a), 1), nn.Conv2d(3, len(b), 1))",
}
