"""Whole programs, written by hand: statements that change what a model is built from, Python's finer points, and shapes of torch
that are easily got wrong. Before each stands the usual import of torch, nn and F. Some are wrong: torch says which."""

from __future__ import annotations

STATEMENTS: dict[str, str] = {
    "a class's attribute is set from outside": """
class Options:
    hidden = 12
Options.hidden = 20
net = nn.Sequential(nn.Linear(Options.hidden, 3))
net(torch.zeros(4, 20))
""",
    "a list in a dict grows": """
plan = {"encoder": [8, 16], "decoder": [16]}
plan["encoder"].append(32)
net = nn.Sequential(nn.Linear(plan["encoder"][-1], 2))
net(torch.zeros(4, 32))
""",
    "a dict in a dict is updated": """
settings = {"net": {"inputs": 5, "outputs": 2}, "steps": 10}
settings["net"].update({"inputs": 11})
net = nn.Sequential(nn.Linear(settings["net"]["inputs"], settings["net"]["outputs"]))
net(torch.zeros(1, 11))
""",
    "two names for one dict": """
defaults = {"width": 4}
chosen = defaults
chosen["width"] = 10
net = nn.Sequential(nn.Linear(defaults["width"], 2))
net(torch.zeros(1, 10))
""",
    "a function that fills a list of the module": """
WIDTHS = []
def add(width):
    WIDTHS.append(width)
add(6)
add(9)
net = nn.Sequential(*[nn.Linear(w, 1) for w in WIDTHS[1:]])
net(torch.zeros(2, 9))
""",
    "a counter in a module, told by global": """
count = 2
def bump(by):
    global count
    count += by
bump(3)
bump(4)
net = nn.Sequential(nn.Linear(count, count))
net(torch.zeros(2, 9))
""",
    "setattr in a loop over pairs": """
class Args:
    features, classes = 3, 2
args = Args()
for key, value in [("features", 14), ("classes", 5)]:
    setattr(args, key, value)
net = nn.Sequential(nn.Linear(args.features, args.classes))
net(torch.zeros(2, 14))
""",
    "every object of a list is changed": """
class Stage:
    def __init__(self, width):
        self.width = width
stages = [Stage(3), Stage(5)]
for stage in stages:
    stage.width *= 4
net = nn.Sequential(nn.Linear(stages[0].width, stages[1].width))
net(torch.zeros(2, 12))
""",
    "a method that changes its class": """
class Registry:
    total = 1
    @classmethod
    def enlarge(cls, by):
        cls.total += by
Registry.enlarge(6)
net = nn.Sequential(nn.Linear(Registry.total, 2))
net(torch.zeros(2, 7))
""",
    "every second item is deleted": """
sizes = [4, 5, 6, 7]
del sizes[::2]
net = nn.Sequential(nn.Linear(sizes[0], sizes[1]))
net(torch.zeros(2, 5))
""",
    "an item of a list of lists": """
rows = [[2, 3], [4]]
rows[1] += [18]
net = nn.Sequential(nn.Linear(rows[1][-1], len(rows[1])))
net(torch.zeros(2, 18))
""",
    "one list three times": """
grid = [[2]] * 3
grid[0].append(13)
net = nn.Sequential(nn.Linear(grid[2][-1], 2))
net(torch.zeros(2, 13))
""",
    "a default that keeps what its name was": """
WIDTH = 8
def head(width=WIDTH):
    return nn.Sequential(nn.Linear(width, 2))
WIDTH = 30
head()(torch.zeros(2, 8))
""",
    "names by exec": """
text = "features = 15"
features = 3
exec(text)
net = nn.Sequential(nn.Linear(features, 2))
net(torch.zeros(2, 15))
""",
    "a tensor that another name changes in place": """
x = torch.zeros(4, 6)
y = x
x = torch.zeros(4, 9)
y.add_(1)
nn.Sequential(nn.Linear(6, 2))(y)
nn.Sequential(nn.Linear(9, 2))(x)
""",
    "a skip that may be there": """
class Up(nn.Module):
    def __init__(self, c_in, c_out, extra):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv2d(c_in + extra, c_out, 3, padding=1), nn.ReLU())
    def forward(self, x, skip=None):
        x = F.interpolate(x, scale_factor=2)
        if skip is not None:
            x = torch.cat([x, skip], dim=1)
        return self.conv(x)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(3, 8, 3, stride=2, padding=1), nn.ReLU())
        self.up = Up(8, 4, extra=3)
    def forward(self, x):
        return self.up(self.down(x), x)
Net()(torch.zeros(1, 3, 16, 16))
""",
    "names that are put in by a loop over globals": """
for name, width in (("first", 4), ("second", 17)):
    globals()[name + "_width"] = width
net = nn.Sequential(nn.Linear(second_width, first_width))
net(torch.zeros(1, 17))
""",
    "a name taken before it is counted up": """
width = 5
kept = width
width += 3
net = nn.Sequential(nn.Linear(width, kept), nn.Linear(kept, width))
net(torch.zeros(1, 8))
""",
}

MEANING: dict[str, str] = {
    "a text of the environment, or a number": """
import os
hidden = int(os.environ.get("NO_SUCH_HIDDEN", 0)) or 24
net = nn.Sequential(nn.Linear(hidden, 2))
net(torch.zeros(1, 24))
""",
    "the right side is not evaluated": """
widths = [4, 19]
verbose = False
shown = verbose and widths.pop()
always = True or widths.pop()
net = nn.Sequential(nn.Linear(widths[-1], 2))
net(torch.zeros(1, 19))
""",
    "append in an expression": """
def build(norm):
    layers = [nn.Conv2d(3, 4, 3)]
    layers.append(nn.BatchNorm2d(4)) if norm else layers.append(nn.Dropout())
    return nn.Sequential(*layers, nn.ReLU())
build(True)(torch.zeros(2, 3, 8, 8))
""",
    "product with itself": """
import itertools
pairs = list(itertools.product((2, 3, 4), repeat=2))
net = nn.Sequential(nn.Linear(len(pairs), pairs[-1][0]))
net(torch.zeros(1, 9))
""",
    "a metaclass that builds": """
class Made(type):
    def __call__(cls, width):
        return super().__call__(width * 2)
class Plan(metaclass=Made):
    def __init__(self, width):
        self.width = width
net = nn.Sequential(nn.Linear(Plan(8).width, 1))
net(torch.zeros(1, 16))
""",
    "a property that is computed once": """
from functools import cached_property
class Plan:
    asked = 0
    @cached_property
    def width(self):
        self.asked += 1
        return 6
plan = Plan()
total = plan.width + plan.width
net = nn.Sequential(nn.Linear(total, plan.asked))
net(torch.zeros(1, 12))
""",
    "what a generator returns": """
def parts():
    yield nn.Linear(3, 7)
    return 7
def whole():
    width = yield from parts()
    yield nn.Linear(width, 2)
nn.Sequential(*whole())(torch.zeros(1, 3))
""",
    "a list that grows while it is gone through": """
queue, seen = [3], []
for width in queue:
    seen.append(width)
    if width < 20:
        queue.append(width * 2)
net = nn.Sequential(nn.Linear(seen[-1], len(seen)))
net(torch.zeros(1, 24))
""",
    "two calls share a list of the class": """
class Namer:
    names = []
    def __init__(self, name):
        self.names.append(name)
def build():
    Namer("a"), Namer("b")
    return nn.Sequential(nn.Linear(len(Namer.names), 1))
build()(torch.zeros(1, 2))
build()(torch.zeros(1, 4))
""",
    "a queue that forgets": """
from collections import deque
last = deque(maxlen=2)
for width in (3, 5, 21, 9):
    last.append(width)
net = nn.Sequential(nn.Linear(last[0], len(last)))
net(torch.zeros(1, 21))
""",
    "dispatch by type": """
from functools import singledispatch
@singledispatch
def width(value):
    return 2
@width.register
def _(value: str):
    return len(value)
net = nn.Sequential(nn.Linear(width("resnet"), width(1.5)))
net(torch.zeros(1, 6))
""",
    "an error that chooses": """
try:
    width = {"small": 3}["large"]
except KeyError:
    width = 28
finally:
    classes = 4
net = nn.Sequential(nn.Linear(width, classes))
net(torch.zeros(1, 28))
""",
}

SHAPES: dict[str, str] = {
    "a base to powers": """
base, powers = torch.ones(6, 1), torch.ones(7)
nn.Sequential(nn.Linear(7, 2))(base.pow(powers))
""",
    "clamped between tensors": """
x = torch.rand(4, 1)
nn.Sequential(nn.Linear(9, 2))(torch.clamp(x, min=torch.zeros(9)))
nn.Sequential(nn.Linear(9, 2))(x.clip(max=torch.ones(4, 9)))
""",
    "a mask that is larger": """
row, mask = torch.rand(5), torch.eye(5) > 0
nn.Sequential(nn.Linear(5, 2), nn.Flatten(0))(row.masked_fill(mask, 0.0))
""",
    "attention for each of several heads": """
q, k = torch.rand(1, 8, 10, 16), torch.rand(3, 8, 10, 16)
out = F.scaled_dot_product_attention(q, k, k)
nn.Sequential(nn.Flatten(0, 1), nn.Linear(16, 2))(out)
assert out.shape[0] == 3
""",
    "over no axis and over all": """
x = torch.rand(3, 4, 5)
nn.Sequential(nn.Linear(1, 2))(x.mean(dim=None, keepdim=True))
nn.Sequential(nn.Linear(1, 2))(x.sum(axis=2, keepdims=True))
nn.Sequential(nn.Linear(5, 2))(x.amax(1))
nn.Sequential(nn.Linear(5, 2))(x.max(axis=1)[0])
""",
    "pooled by position": """
x = torch.rand(1, 3, 15, 15)
nn.Sequential(nn.Flatten(), nn.Linear(3 * 8 * 8, 2))(F.max_pool2d(x, 2, 2, 0, 1, True))
""",
    "seen as another kind": """
x = torch.zeros(2, 6)
nn.Sequential(nn.Linear(3, 1))(x.view(dtype=torch.float64).float())
nn.Sequential(nn.Linear(4, 1))(x.view(size=(3, 4)))
""",
    "joined to nothing": """
kept = torch.empty(0)
for _ in range(3):
    kept = torch.cat([kept, torch.rand(2, 8)])
nn.Sequential(nn.Linear(8, 1))(kept)
""",
    "a size that is a tuple": """
def run(size):
    net = nn.Sequential(nn.Linear(6, 2))
    return net(torch.zeros(size)), net(torch.rand((3,) + size)), net(torch.rand([1] + list(size)))
run((4, 6))
""",
    "noise like another": """
def noisy(x):
    net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU())
    return net(torch.rand(x.shape) + torch.zeros(x.size()))
noisy(torch.rand(2, 3, 9, 9))
""",
    "a smaller picture": """
x = torch.rand(1, 3, 20, 20)
nn.Sequential(nn.Flatten(), nn.Linear(3 * 6 * 6, 2))(F.interpolate(x, scale_factor=0.3, mode="area"))
""",
    "frozen but for the end": """
net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
for parameter in net[0].parameters():
    parameter.requires_grad = False
net[2].requires_grad_(False)
net[2].bias.requires_grad_(True)
net(torch.zeros(1, 4))
""",
    "the bias is taken away": """
def plain(module):
    if isinstance(module, nn.Linear):
        module.bias = None
net = nn.Sequential(nn.Linear(4, 8), nn.Linear(8, 2))
net.apply(plain)
net(torch.zeros(1, 4))
""",
    "targets of another shape": """
net = nn.Sequential(nn.Linear(4, 1), nn.Sigmoid())
nn.BCELoss()(net(torch.zeros(8, 4)), torch.zeros(8))
""",
    "a map of classes of another size": """
net = nn.Sequential(nn.Conv2d(3, 5, 3))
F.cross_entropy(net(torch.zeros(2, 3, 10, 10)), torch.zeros(2, 10, 10, dtype=torch.long))
""",
    "an odd height, halved up and down": """
x = torch.zeros(1, 4, 9, 9)
down = nn.Sequential(nn.Conv2d(4, 4, 3, stride=2, padding=1))
down(x) + F.max_pool2d(x, 2)
""",
    "crossed, mixed and lerped": """
a, b = torch.rand(1, 3), torch.rand(6, 3)
nn.Sequential(nn.Flatten(0), nn.Linear(18, 1))(torch.linalg.cross(a, b))
nn.Sequential(nn.Flatten(0), nn.Linear(18, 1))(torch.lerp(a, a, b))
nn.Sequential(nn.Flatten(0), nn.Linear(18, 1))(torch.minimum(a, b).max(b))
""",
}

WHOLE = STATEMENTS | MEANING | SHAPES
