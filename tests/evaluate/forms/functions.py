"""Functions, what they are given and what they close over."""

from __future__ import annotations

FORMS: dict[str, str] = {
    "class held in a variable": """
def conv(a, b, norm_layer=None, act_layer=nn.ReLU):
    norm_layer = norm_layer or nn.BatchNorm2d
    return nn.Sequential(nn.Conv2d(a, b, 1), norm_layer(b), act_layer())
def build(): return nn.Sequential(conv(3, 8), conv(8, 8, nn.InstanceNorm2d, nn.Tanh))
""",
    "partial": """
from functools import partial
def build():
    norm = partial(nn.GroupNorm, 4)
    conv = partial(nn.Conv2d, kernel_size=3, padding=1)
    return nn.Sequential(conv(3, 8), norm(8), partial(conv, stride=2)(8, 8, padding=0))
""",
    "factory by name": """
ACTS = dict(relu=nn.ReLU, gelu=nn.GELU, none=nn.Identity)
def act(name): return ACTS[name]()
def build(): return nn.Sequential(act("relu"), act("none"), getattr(nn, "Tan" + "h")())
""",
    "registry by decorator": """
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
    "wrapping decorator": """
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
    "signature": """
import inspect
def make(a, *, b=3, c=1): return nn.Conv2d(a, b, c)
def build():
    kw = [n for n, p in inspect.signature(make).parameters.items() if p.kind == p.KEYWORD_ONLY]
    return nn.Sequential(make(3, **dict(zip(kw, (7, 2)))))
""",
    "kwargs popped": """
def conv(a, b, **kwargs):
    act = kwargs.pop("act", True)
    kwargs.setdefault("bias", False)
    return nn.Sequential(nn.Conv2d(a, b, kwargs.pop("k"), **kwargs), nn.ReLU() if act else nn.Identity())
def build(): return nn.Sequential(conv(3, 8, k=3), conv(8, 8, k=1, act=False, bias=True, dilation=2))
""",
    "config dict passed on": """
DEFAULT = {"width": 8, "depth": 2, "k": 3}
def net(**overrides):
    cfg = {**DEFAULT, **overrides}
    return nn.Sequential(*[nn.Conv2d(3 if i == 0 else cfg["width"], cfg["width"], cfg["k"]) for i in range(cfg["depth"])])
def build(): return nn.Sequential(net(), net(depth=3, width=4))
""",
    "mutable default": """
def grow(layer, into=[]):
    into.append(layer)
    return into
def build():
    grow(nn.ReLU())
    return nn.Sequential(*grow(nn.Tanh()))
""",
    "closure": """
def build():
    n = 0
    def conv():
        nonlocal n
        n += 1
        return nn.Conv2d(3, 3, 2 * n - 1)
    return nn.Sequential(conv(), conv(), conv())
""",
    "late binding lambda": "def build():\n    fs = [lambda: nn.Conv2d(3, k, 1) for k in (1, 2, 3)]\n    return nn.Sequential(*[f() for f in fs])",
    "default captures early": "def build():\n    fs = [lambda k=k: nn.Conv2d(3, k, 1) for k in (1, 2, 3)]\n    return nn.Sequential(*[f() for f in fs])",
    "generator": """
def layers(n):
    for i in range(n):
        yield nn.Conv2d(3, 3, i + 1)
        if i % 2:
            yield nn.ReLU()
    yield from (nn.Tanh(), nn.GELU())
def build(): return nn.Sequential(*layers(3))
""",
    "global counter": """
COUNT = 0
def conv():
    global COUNT
    COUNT += 1
    return nn.Conv2d(3, COUNT, 1)
def build(): return nn.Sequential(conv(), conv())
""",
    "signature of a layer": """
import inspect
class Own(nn.InstanceNorm2d):
    pass
class More(nn.Conv2d):
    def __init__(self, c, num_groups):
        super().__init__(c, c, num_groups)
def takes(cls, *names):
    return all(name in inspect.signature(cls).parameters for name in names)
def norm(cls, c):
    known = {"num_features": c, "num_channels": c, "num_groups": 2}
    return cls(**{name: value for name, value in known.items() if takes(cls, name)})
def build():
    made = [norm(nn.BatchNorm2d, 4), norm(nn.GroupNorm, 4), norm(Own, 4), norm(lambda num_groups: More(3, num_groups), 4)]
    of = inspect.signature(nn.Conv2d).parameters
    made.append(nn.Linear(len(of), of["stride"].default + 4))
    if takes(More, "num_groups") and not takes(More, "stride"):
        made.append(nn.ReLU())
    if of["in_channels"].default is inspect.Parameter.empty and of["bias"].kind == of["bias"].POSITIONAL_OR_KEYWORD:
        made.append(nn.Tanh())
    return nn.Sequential(*made)
""",
    "functions of math": """
import math
def build():
    found = [math.radians(180), math.copysign(3, -1) * -1, math.factorial(3), math.erf(0) + 1, math.hypot(3, 4), math.comb(4, 2)]
    found += [1 + math.isnan(2.0), 1 + math.isfinite(2.0), math.cosh(0), math.exp(math.sin(0))]
    return nn.Sequential(*[nn.Linear(1, int(each)) for each in found])
""",
    "early return": "def f(n):\n    if n == 0:\n        return nn.Identity()\n    for k in range(9):\n        if k * k >= n:\n            return nn.Conv2d(3, 3, k)\ndef build(): return nn.Sequential(f(0), f(5))",
    "recursion": "def tree(n): return nn.ReLU() if n == 0 else nn.Sequential(tree(n - 1), nn.Conv2d(3, 3, n), tree(n - 1))\ndef build(): return tree(3)",
    "partial of a partial": """
from functools import partial
def build():
    inner = partial(nn.Conv2d, 3, bias=False, padding=1)
    outer = partial(inner, 4, padding=2)
    return nn.Sequential(outer(3), nn.Linear(1, len(outer.args)), nn.Linear(1, 5) if outer.func is nn.Conv2d else nn.ReLU())
""",
    "decorated for positional arguments of old": """
from functools import wraps
def with_names(make):
    @wraps(make)
    def wrapper(*args, **kwargs):
        if args:
            kwargs["width"], args = args[0], args[1:]
        return make(*args, **kwargs)
    return wrapper
@with_names
def build(width=4, **kwargs):
    return nn.Sequential(nn.Conv2d(3, width, 1), nn.Dropout(kwargs.get("dropout", 0.25)))
""",
}
