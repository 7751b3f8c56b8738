"""Programs of which one run is not like another: what they do hangs on a flag and a number that nobody knows."""

from __future__ import annotations

PATHS: dict[str, str] = {
    "a list of the module": """
MADE = []
def f(flag, n):
    if flag:
        MADE.append(nn.ReLU())
    if n > 1:
        MADE.append(nn.Tanh())
    MADE.append(nn.Linear(1, 1))
    return nn.Sequential(*MADE)
""",
    "two tensors that are true": """
def f(flag, n):
    x, y = torch.full((2,), float(flag)), torch.full((2,), float(n > 1))
    made = [nn.Linear(1, 1)]
    if x.sum():
        made.append(nn.ReLU())
    if y.sum():
        made.append(nn.Tanh())
    return nn.Sequential(*made)
""",
    "a list that is a default": """
def add(module, made=[]):
    made.append(module)
    return made
def f(flag, n):
    if flag:
        add(nn.Linear(1, 1))
    add(nn.ReLU())
    return nn.Sequential(*add(nn.Tanh()))
""",
    "a dict of the module": """
CACHE = {}
def get(k):
    if k not in CACHE:
        CACHE[k] = nn.Linear(k, k)
    return CACHE[k]
def f(flag, n):
    if flag:
        get(4)
    get(3)
    return nn.Sequential(nn.Linear(len(CACHE), 1), get(3))
""",
    "a counter of a class": """
class Block(nn.Module):
    count = 0
    def __init__(self):
        super().__init__()
        Block.count += 1
        self.net = nn.Sequential(nn.Linear(4, Block.count))
def f(flag, n):
    first = Block()
    return nn.Sequential(first, Block()) if flag else nn.Sequential(first, nn.Linear(Block.count, 1))
""",
    "a global counter": """
K = 1
def layer():
    global K
    K += 2
    return nn.Conv2d(3, 3, K)
def f(flag, n):
    first = layer()
    if flag:
        layer()
    return nn.Sequential(first, layer())
""",
    "a counter in a closure of the module": """
def counter():
    n = 0
    def following():
        nonlocal n
        n += 1
        return n
    return following
following = counter()
def f(flag, n):
    first = nn.Linear(following(), 1)
    if flag:
        following()
    return nn.Sequential(first, nn.Linear(following(), 1))
""",
    "an object of the module": """
class Config:
    def __init__(self): self.width = 4
CONFIG = Config()
def f(flag, n):
    first = nn.Linear(CONFIG.width, 1)
    if flag:
        CONFIG.width = 8
    second = nn.Linear(CONFIG.width, 1)
    CONFIG.width *= 2
    return nn.Sequential(first, second)
""",
    "a function that counts its calls": """
def layer():
    layer.count += 1
    return nn.Linear(layer.count, 1)
layer.count = 0
def f(flag, n):
    first = layer()
    if flag:
        layer()
    return nn.Sequential(first, layer())
""",
    "another function that changes a list of the module": """
MADE = [nn.ReLU()]
def before():
    MADE.append(nn.Tanh())
    return nn.Sequential(*MADE)
def f(flag, n):
    MADE.append(nn.GELU())
    return nn.Sequential(*MADE)
""",
    "a loop that changes a name around a function": """
def f(flag, n):
    k = 1
    def layer():
        nonlocal k
        k += 2
        return nn.Sequential(nn.Conv2d(3, 3, k))
    xs = []
    for i in range(n):
        xs.append(layer())
    return nn.Sequential(*xs, nn.Conv2d(3, 3, k))
""",
    "a loop that changes a global name": """
K = 1
def layer():
    global K
    K += 2
    return nn.Sequential(nn.Conv2d(3, 3, K))
def f(flag, n):
    xs = []
    for i in range(n):
        xs.append(layer())
    return nn.Sequential(*xs, nn.Conv2d(3, 3, K))
""",
    "a loop that calls a method that changes its object": """
class Net(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.c = 4
        self.stages = nn.ModuleList()
        for i in range(n):
            self.stages.append(self.stage(8))
        self.head = nn.Sequential(nn.Linear(self.c, 1))
    def stage(self, out):
        s = nn.Sequential(nn.Linear(self.c, out), nn.ReLU())
        self.c = out
        return s
def f(flag, n): return Net(n)
""",
    "a loop whose method also fills a list": """
class Net(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.c = 4
        self.layers = []
        for i in range(n):
            self.add(8)
        self.net = nn.Sequential(*self.layers, nn.Linear(self.c, 1))
    def add(self, out):
        self.layers.append(nn.Sequential(nn.Linear(self.c, out)))
        self.c = out
def f(flag, n): return Net(n)
""",
    "a loop that changes an item by a function": """
def f(flag, n):
    st = {"c": 4}
    xs = []
    def stage(o):
        s = nn.Sequential(nn.Linear(st["c"], o))
        st["c"] = o
        return s
    for i in range(n):
        xs.append(stage(8))
    return nn.Sequential(*xs, nn.Linear(st["c"], 1))
""",
    "a comprehension that changes a list by a function": """
def f(flag, n):
    st = [4]
    def stage(o):
        s = nn.Sequential(nn.Linear(st[-1], o))
        st.append(o)
        return s
    xs = [stage(8) for _ in range(n)]
    return nn.Sequential(*xs, nn.Linear(st[-1], 1))
""",
    "a comprehension that calls a method that changes its object": """
class Net(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.c = 4
        self.net = nn.Sequential(*[self.stage(8) for _ in range(n)])
        self.head = nn.Sequential(nn.Linear(self.c, 1))
    def stage(self, out):
        s = nn.Sequential(nn.Linear(self.c, out), nn.ReLU())
        self.c = out
        return s
def f(flag, n): return Net(n)
""",
    "a name bound in a comprehension": """
def f(flag, n):
    k = 1
    ys = [k for n in range(4) if (k := n * 2 + 1) < 6]
    return nn.Sequential(*[nn.Linear(y, 1) for y in ys], nn.Linear(k, 2))
""",
    "items changed under a condition": """
import time
CFG = {"w": 4}
XS = [1, 2]
S = nn.Sequential(nn.ReLU(), nn.Linear(1, 1))
if time.time() > 0:
    CFG["w"] = 8
    XS[0] = 5
    S[0] = nn.Tanh()
def f(flag, n):
    return nn.Sequential(nn.Linear(CFG["w"], XS[0]), S[0])
""",
    "an item under a key that is not known": """
def f(flag, n):
    m = str(flag)
    cfg = {"True": 4, "False": 3}
    cfg[m] = 9
    return nn.Sequential(nn.Linear(cfg["True"], cfg["False"]))
""",
    "a list replaced in a loop": """
def f(flag, n):
    xs = [nn.Tanh()]
    ys = [nn.Tanh()]
    for i in range(n):
        xs = [nn.ReLU()]
        ys = ys + [nn.GELU()]
    return nn.Sequential(*xs, nn.Sequential(*ys))
""",
    "a list of an object replaced in a loop": """
class M(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.xs = [nn.Tanh()]
        for i in range(n):
            self.xs = [nn.ReLU()]
        self.net = nn.Sequential(*self.xs)
def f(flag, n): return M(n)
""",
    "the last of a list that grows in a loop": """
def f(flag, n):
    layers = [nn.Linear(1, 4)]
    for i in range(n):
        layers.append(nn.Sequential(nn.Linear(layers[-1].out_features if i == 0 else 8, 8)))
    return nn.Sequential(*layers)
""",
    "whether a list that grows in a loop is empty": """
def f(flag, n):
    layers = []
    for i in range(n):
        layers.append(nn.Sequential(*([nn.ReLU()] if layers else []), nn.Linear(1, 1)))
    return nn.Sequential(*layers)
""",
    "whether a set that grows in a loop has something": """
def f(flag, n):
    seen = set()
    out = []
    for i in range(n):
        if "a" not in seen:
            seen.add("a")
            out.append(nn.Sequential(nn.ReLU()))
        else:
            out.append(nn.Sequential(nn.Tanh()))
    return nn.Sequential(*out, nn.Linear(len(seen) + 1, 1))
""",
    "items replaced in a loop": """
def f(flag, n):
    xs = [nn.ReLU(), nn.Tanh()]
    seq = nn.Sequential(nn.ReLU(), nn.Tanh())
    for i in range(n):
        xs[0] = nn.GELU()
        seq[1] = nn.ELU()
    return nn.Sequential(*xs, seq)
""",
    "a flag that tells the first turn": """
def f(flag, n):
    layers = []
    first = True
    while n > 0:
        layers.append(nn.Sequential(nn.Linear(3 if first else 8, 8)))
        first = False
        n -= 1
    return nn.Sequential(*layers)
""",
    "a comprehension that counts": """
class B(nn.Module):
    idx = 0
    def __init__(self):
        super().__init__()
        type(self).idx += 1
        self.net = nn.Sequential(nn.Linear(self.idx, 1))
def f(flag, n):
    return nn.Sequential(*[B() for _ in range(n)], nn.Linear(B.idx + 1, 1))
""",
    "a loop that fills a list by a function": """
def f(flag, n):
    layers = []
    def add(m):
        if layers:
            layers.append(nn.ReLU())
        layers.append(m)
    for i in range(n):
        add(nn.Linear(1, 1))
    return nn.Sequential(*layers, nn.Tanh())
""",
    "a loop that calls methods in a chain": """
class Builder:
    def __init__(self): self.c = 3; self.out = nn.Sequential()
    def conv(self, o):
        self.out.append(nn.Sequential(nn.Conv2d(self.c, o, 1)))
        self.c = o
        return self
def f(flag, n):
    b = Builder()
    for i in range(n):
        b.conv(8).conv(16)
    b.conv(1)
    return b.out
""",
    "a loop that is left early": """
def f(flag, n):
    c = 4
    layers = []
    for i in range(3):
        if i == n and flag:
            break
        layers.append(nn.Linear(c, c + 1))
        c += 1
    return nn.Sequential(*layers, nn.Linear(c, 1))
""",
    "the else of a loop that may be broken": """
def f(flag, n):
    layers = [nn.Linear(1,1)]
    for i in range(n):
        if i == 1:
            break
    else:
        layers.append(nn.ReLU())
    layers.append(nn.Tanh())
    return nn.Sequential(*layers)
""",
    "questions that exclude each other": """
def f(flag, n):
    layers = [nn.Linear(1, 1)]
    if n > 1:
        layers.append(nn.ReLU())
    if n > 2:
        layers.append(nn.Tanh())
    if n == 0:
        layers.append(nn.ELU())
    return nn.Sequential(*layers)
""",
    "two lists that a number may be in": """
def f(flag, n):
    layers = [nn.Linear(1, 1)]
    if n in [0, 1]:
        layers.append(nn.ReLU())
    if n in [1, 2]:
        layers.append(nn.Tanh())
    return nn.Sequential(*layers)
""",
    "attributes of what is not known": """
from typing import Any
def build(config: Any):
    layers = [nn.Linear(1, 1)]
    if config.norm:
        layers.append(nn.BatchNorm1d(1))
    if config.act:
        layers.append(nn.ReLU())
    return nn.Sequential(*layers)
class Config:
    def __init__(self, n): self.norm, self.act = n % 2, n // 2
def f(flag, n): return build(eval("Config(n)"))
""",
    "remainders of what is not known": """
def f(flag, n: "float"):
    layers = [nn.Linear(1, 1)]
    if n % 2 == 0:
        layers.append(nn.ReLU())
    if n % 3 == 0:
        layers.append(nn.Tanh())
    return nn.Sequential(*layers)
""",
    "keys of what is not known": """
def f(flag, n):
    options = eval("{'a': n % 2, 'b': n // 2}")
    layers = [nn.Linear(1, 1)]
    if options["a"]:
        layers.append(nn.ReLU())
    if options.get("b"):
        layers.append(nn.Tanh())
    return nn.Sequential(*layers)
""",
    "a name that may be none": """
def f(flag, n):
    name = eval("[None, 'a', 'b', ''][n]")
    layers = [nn.Linear(1, 1)]
    if name:
        layers.append(nn.ReLU())
    if name == "a":
        layers.append(nn.Tanh())
    if name is None:
        layers.append(nn.GELU())
    return nn.Sequential(*layers)
""",
}
