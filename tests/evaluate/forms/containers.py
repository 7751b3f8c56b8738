"""Containers of Python and of torch, and what changes them."""

from __future__ import annotations

FORMS: dict[str, str] = {
    "contexts that are generators or objects": """
from contextlib import contextmanager
FLAG = False
@contextmanager
def on(v):
    global FLAG
    old = FLAG
    FLAG = v
    try:
        yield v
    finally:
        FLAG = old
def layer():
    return nn.ReLU() if FLAG else nn.Tanh()
class Stack:
    def __init__(self): self.items = []
    def __enter__(self):
        self.items.append(nn.ELU())
        return self.items
    def __exit__(self, *a):
        self.items.append(nn.SiLU())
def build():
    a = layer()
    with on(True) as v, on(False):
        b = layer()
    with on(True):
        c = layer()
    s = Stack()
    with s as items:
        items.append(nn.GELU())
    return nn.Sequential(a, b, c, layer(), *s.items, nn.Linear(1 + v, 1))
""",
    "a return in a context": """
from contextlib import contextmanager
@contextmanager
def collect(xs):
    yield xs.append
    xs.append(nn.Tanh())
def make(xs):
    with collect(xs) as add:
        add(nn.ReLU())
        return xs
def build():
    return nn.Sequential(*make([]))
""",
    "sorted by a key": """
def build():
    xs = [nn.Linear(4, k) for k in (5, 2, 9)]
    xs.sort(key=lambda m: m.out_features, reverse=True)
    ys = sorted(xs, key=lambda m: m.out_features)
    names = {"b": 1, "a": 2}
    zs = [nn.Linear(v, 1) for k, v in sorted(names.items())]
    ws = [nn.Linear(v, 2) for k, v in sorted(names.items(), key=lambda kv: -kv[1])]
    best = max(xs, key=lambda m: m.in_features * m.out_features)
    return nn.Sequential(*xs, *ys, *zs, *ws, nn.Linear(best.out_features, min(names, key=names.get) == "b" and 3 or 4))
""",
    "views of a dict that changes": """
def build():
    d = {"a": 1}
    ks, vs, its = d.keys(), d.values(), d.items()
    d["b"] = 2
    d.pop("a")
    return nn.Sequential(nn.Linear(len(ks), sum(vs)), *[nn.Linear(v, 1) for _, v in its])
""",
    "attributes set by __dict__": """
class Cfg:
    def __init__(self, **kw):
        self.__dict__.update(kw)
        self.z = 3
        self.__dict__["y"] = 4
    def __getattr__(self, name): return 9
def build():
    c = Cfg(a=3)
    vars(c)["q"] = 7
    return nn.Sequential(nn.Linear(c.a, c.b), nn.Linear(c.z, c.y), nn.Linear(c.q, len(vars(c))))
""",
    "children set by _modules": """
def build():
    s = nn.Sequential(nn.Linear(1, 2), nn.ReLU())
    s._modules["1"] = nn.Tanh()
    s._modules["x"] = nn.GELU()
    for name, m in s._modules.items():
        if isinstance(m, nn.Linear):
            s._modules[name] = nn.Linear(3, 4)
    return nn.Sequential(s, *s._modules.values())
""",
    "a dict of equal values": """
def build():
    d = dict.fromkeys(["a", "b"], 3)
    return nn.Sequential(*[nn.Linear(v, 1) for v in d.values()])
""",
    "shallow and deep copies of modules": """
import copy
def build():
    a = nn.Sequential(nn.Linear(1, 2), nn.ReLU())
    b = copy.copy(a)
    b[1] = nn.Tanh()
    b.append(nn.GELU())
    c = copy.deepcopy(a)
    d = [a, [nn.ELU()]]
    e = copy.copy(d)
    e[1].append(nn.SiLU())
    return nn.Sequential(a, b, c, *d[1])
""",
    "sums and products of Sequentials": """
from collections import OrderedDict
def build():
    s = nn.Sequential(OrderedDict([("a", nn.Linear(1, 2)), ("b", nn.ReLU())]))
    t = nn.Sequential(nn.Tanh(), nn.GELU(), nn.ELU())
    u = s + t
    s.extend(t)
    t.insert(-1, nn.SiLU())
    t.pop(0)
    del t[-1]
    w = t * 2
    t *= 2
    v = nn.Sequential(*u[1:3], u[-1])
    v.insert(0, nn.CELU())
    return nn.Sequential(s, t, u, v, w, nn.Linear(len(u), len(v)))
""",
    "a function that remembers what it gave": """
from functools import lru_cache
@lru_cache(maxsize=None)
def act(name):
    return nn.Sequential(nn.ReLU() if name == "relu" else nn.Tanh())
def build():
    a = act("relu")
    a.append(nn.GELU())
    return nn.Sequential(a, act("relu"), act("tanh"))
""",
    "a sum of ModuleLists": """
def build():
    a = nn.ModuleList([nn.Linear(1, 1)])
    b = a + [nn.ReLU()]
    return nn.Sequential(*a, *b)
""",
    "a configuration that is a class": """
class Base:
    width = 4
    layers = (1, 2)
    @classmethod
    def make(cls, **over):
        obj = cls()
        for k, v in over.items():
            assert hasattr(obj, k)
            setattr(obj, k, v)
        return obj
class Big(Base):
    width = Base.width * 2
    layers = Base.layers + (3,)
def build():
    a, b = Base.make(width=5), Big.make()
    return nn.Sequential(*[nn.Linear(a.width, l) for l in a.layers], *[nn.Linear(b.width, l) for l in b.layers])
""",
}
