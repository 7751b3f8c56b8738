"""Whole programs as people write them, drawn piece by piece: where the numbers stand, what changes them, how layers are put together,
what a model is made of, how it is run, and, in some, a wrong number. Nothing here says which programs torch refuses."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Files = Mapping[str, str]


@dataclass(frozen=True)
class Settings:
    """The numbers of a program."""

    widths: list[int]
    classes: int
    kernel: int
    norm: bool

    def items(self) -> str:
        return f'"widths": {self.widths}, "classes": {self.classes}, "kernel": {self.kernel}, "norm": {self.norm}'

    def lines(self, form: str) -> str:
        """A line for each, of a form like `{name} = {value}`."""
        return "".join(
            form.format(name=name, value=value, type=type(value).__name__) for name, value in vars(self).items()
        )


# ---------------------------------------------------------------- where the numbers stand: (text, how one is read)

BY_ITEM, BY_ATTRIBUTE, BY_NAME = 'cfg["{name}"]', "cfg.{name}", "{NAME}"


def _argparse(given: Settings) -> str:
    return (
        "import argparse\nparser = argparse.ArgumentParser()\n"
        f'parser.add_argument("--widths", type=int, nargs="+", default={given.widths})\n'
        f'parser.add_argument("--classes", type=int, default={given.classes})\n'
        f'parser.add_argument("--kernel", type=int, default={given.kernel})\n'
        f'parser.add_argument("--no-norm", dest="norm", action="store_{str(not given.norm).lower()}"'
        f", default={given.norm})\ncfg = parser.parse_args([])\n"
    )


STORES: dict[str, tuple[Callable[[Settings], str], str]] = {
    "constants": (lambda s: "".join(f"{n.upper()} = {v}\n" for n, v in vars(s).items()), BY_NAME),
    "dict": (lambda s: f"cfg = {{{s.items()}}}\n", BY_ITEM),
    "nested dict": (lambda s: f'all_settings = {{"model": {{{s.items()}}}, "seed": 0}}\ncfg = all_settings["model"]\n', BY_ITEM),
    "merged dicts": (
        lambda s: f'base = {{{s.items()}}}\ncfg = {{**base, "classes": {s.classes + 1}, "kernel": base["kernel"]}}\n',
        BY_ITEM,
    ),
    "json": (lambda s: f"import json\ncfg = json.loads('{{{s.items().replace('True', 'true').replace('False', 'false')}}}')\n", BY_ITEM),
    "from a function": (lambda s: f"def settings(**more):\n    return dict({{{s.items()}}}, **more)\ncfg = settings(lr=0.1)\n", BY_ITEM),
    "class": (lambda s: f"class cfg:\n{s.lines('    {name} = {value}' + chr(10))}", BY_ATTRIBUTE),
    "object": (lambda s: f"class Config:\n    def __init__(self):\n{s.lines('        self.{name} = {value}' + chr(10))}cfg = Config()\n", BY_ATTRIBUTE),
    "namespace": (lambda s: f"from types import SimpleNamespace\ncfg = SimpleNamespace(**{{{s.items()}}})\n", BY_ATTRIBUTE),
    "dataclass": (
        lambda s: "from dataclasses import dataclass, field\n@dataclass\nclass Config:\n"
        f"    widths: list = field(default_factory=lambda: {s.widths})\n    classes: int = {s.classes}\n"
        f"    kernel: int = {s.kernel}\n    norm: bool = {s.norm}\ncfg = Config()\n",
        BY_ATTRIBUTE,
    ),
    "named tuple": (
        lambda s: "from collections import namedtuple\nConfig = namedtuple('Config', 'widths classes kernel norm')\n"
        f"cfg = Config({s.widths}, {s.classes}, kernel={s.kernel}, norm={s.norm})._asdict()\n",
        BY_ITEM,
    ),
    "argparse": (_argparse, BY_ATTRIBUTE),
    "derived class": (
        lambda s: f"class Base:\n{s.lines('    {name} = {value}' + chr(10))}class cfg(Base):\n    classes = Base.classes + 2\n",
        BY_ATTRIBUTE,
    ),
}  # fmt: skip

# ---------------------------------------------------------------- what changes them: by the way in which they are read

CHANGES: dict[str, dict[str, str]] = {
    BY_NAME: {
        "assigned again": "CLASSES = CLASSES + 1\n",
        "appended": "WIDTHS.append(WIDTHS[-1] * 2)\n",
        "deleted": "del WIDTHS[0]\n",
        "an item": "WIDTHS[-1] += 2\n",
        "by a helper": "def more(value):\n    global CLASSES\n    CLASSES = value\nmore(7)\n",
        "through another name": "sizes = WIDTHS\nsizes.insert(1, 6)\n",
        "a slice": "WIDTHS[1:] = [5]\n",
        "by globals": "globals()['CLASSES'] = 9\n",
    },
    BY_ITEM: {
        "an item": 'cfg["classes"] = 6\n',
        "counted up": 'cfg["classes"] += 3\n',
        "an item's item": 'cfg["widths"][0] = 5\n',
        "appended": 'cfg["widths"].append(6)\n',
        "updated": 'cfg.update(classes=9, lr=0.1)\n',
        "through another name": 'same = cfg\nsame["classes"] = 8\n',
        "by a helper": 'def override(options, **new):\n    for key in new:\n        options[key] = new[key]\noverride(cfg, classes=7, kernel=1)\n',
        "in a loop": 'for i in range(len(cfg["widths"])):\n    cfg["widths"][i] *= 2\n',
        "by default": 'cfg.setdefault("classes", 99)\ncfg.setdefault("depth", 3)\n',
        "taken out": 'cfg["widths"].pop()\n',
    },
    BY_ATTRIBUTE: {
        "an attribute": "cfg.classes = 6\n",
        "counted up": "cfg.classes += 3\n",
        "an item": "cfg.widths[0] = 5\n",
        "appended": "cfg.widths.append(6)\n",
        "extended": "cfg.widths += [6]\n",
        "setattr": 'setattr(cfg, "classes", 8)\n',
        "a loop of setattr": 'for key, value in {"classes": 9, "kernel": 1}.items():\n    setattr(cfg, key, value)\n',
        "by a helper": "def widen(options, by=2):\n    options.widths = [by * w for w in options.widths]\nwiden(cfg)\n",
        "for each of some": "for each in (cfg,):\n    each.classes *= 2\n",
    },
}  # fmt: skip

# ---------------------------------------------------------------- how layers are put together: a function `features`

BLOCK = """
def block(c_in, c_out, kernel, norm):
    layers = [nn.Conv2d(c_in, c_out, kernel, padding=kernel // 2, bias=not norm)]
    if norm:
        layers.append(nn.BatchNorm2d(c_out))
    return nn.Sequential(*layers, nn.ReLU(), nn.MaxPool2d(2))
"""
BUILDERS: dict[str, str] = {
    "append in a loop": "def features(widths, kernel, norm):\n    layers, c_in = [], 3\n    for width in widths:\n"
    "        layers.append(block(c_in, width, kernel, norm))\n        c_in = width\n    return nn.Sequential(*layers)\n",
    "pairs of zip": "def features(widths, kernel, norm):\n    ends = [3] + list(widths)\n"
    "    return nn.Sequential(*[block(a, b, kernel, norm) for a, b in zip(ends[:-1], ends[1:])])\n",
    "while": "def features(widths, kernel, norm):\n    made, i = nn.Sequential(), 0\n    while i < len(widths):\n"
    "        made.append(block(widths[i - 1] if i else 3, widths[i], kernel, norm))\n        i += 1\n    return made\n",
    "ordered dict": "from collections import OrderedDict\ndef features(widths, kernel, norm):\n    named = OrderedDict()\n"
    "    for i, width in enumerate(widths):\n        named[f'stage{i}'] = block(3 if i == 0 else widths[i - 1], width, kernel, norm)\n"
    "    return nn.Sequential(named)\n",
    "add_module": "def features(widths, kernel, norm):\n    made = nn.Sequential()\n    last = 3\n"
    "    for i, width in enumerate(widths, start=1):\n        made.add_module('stage%d' % i, block(last, width, kernel, norm))\n"
    "        last = width\n    return made\n",
    "generator": "def stages(widths, kernel, norm):\n    last = 3\n    for width in widths:\n        yield block(last, width, kernel, norm)\n"
    "        last = width\ndef features(*given):\n    return nn.Sequential(*stages(*given))\n",
    "recursion": "def features(widths, kernel, norm, c_in=3):\n    if not widths:\n        return nn.Sequential()\n    first, *rest = widths\n"
    "    return nn.Sequential(block(c_in, first, kernel, norm), *features(rest, kernel, norm, first))\n",
    "letters": "def features(widths, kernel, norm):\n    plan, layers, c_in = [each for w in widths for each in (w, 'M')], [], 3\n    for v in plan:\n"
    "        if v == 'M':\n            layers += [nn.MaxPool2d(2)]\n        else:\n            layers += [nn.Conv2d(c_in, v, kernel, padding=kernel // 2), nn.ReLU()]\n"
    "            c_in = v\n    return nn.Sequential(*layers)\n",
    "registry": "MAKERS = {}\ndef register(name):\n    def keep(function):\n        MAKERS[name] = function\n        return function\n    return keep\n"
    "@register('plain')\ndef make_plain(c_in, c_out, kernel):\n    return block(c_in, c_out, kernel, False)\n"
    "@register('norm')\ndef make_norm(c_in, c_out, kernel):\n    return block(c_in, c_out, kernel, True)\n"
    "def features(widths, kernel, norm):\n    make, ends = MAKERS['norm' if norm else 'plain'], [3, *widths]\n"
    "    return nn.Sequential(*(make(ends[i], ends[i + 1], kernel) for i in range(len(widths))))\n",
    "partial": "from functools import partial\ndef features(widths, kernel, norm):\n    make = partial(block, kernel=kernel, norm=norm)\n"
    "    first = [make(3, widths[0])]\n    return nn.Sequential(*first, *map(make, widths[:-1], widths[1:]))\n",
    "reduce": "from functools import reduce\ndef features(widths, kernel, norm):\n    def add(state, width):\n        layers, last = state\n"
    "        return [*layers, block(last, width, kernel, norm)], width\n    layers, _ = reduce(add, widths, ([], 3))\n    return nn.Sequential(*layers)\n",
    "class with a counter": "class Maker:\n    made = 0\n    def __init__(self, c_in):\n        self.last = c_in\n    def __call__(self, width, kernel, norm):\n"
    "        Maker.made += 1\n        layer = block(self.last, width, kernel, norm)\n        self.last = width\n        return layer\n"
    "def features(widths, kernel, norm):\n    make = Maker(3)\n    return nn.Sequential(*[make(w, kernel, norm) for w in widths])\n",
    "iterator": "def features(widths, kernel, norm):\n    sizes = iter([3, *widths])\n    last, layers = next(sizes), nn.ModuleList()\n    for size in sizes:\n"
    "        layers.append(block(last, size, kernel, norm))\n        last = size\n    return nn.Sequential(*layers)\n",
    "inserted backwards": "def features(widths, kernel, norm):\n    layers = []\n    for i in reversed(range(len(widths))):\n"
    "        layers.insert(0, block(([3] + widths)[i], widths[i], kernel, norm))\n    return nn.Sequential(*layers)\n",
}  # fmt: skip

# ---------------------------------------------------------------- what a model is: a function `model`; {last}, {size}: what its head takes

HEAD = "nn.Flatten(), nn.Linear({last} * {size} * {size}, {classes})"
MODELS: dict[str, str] = {
    "one Sequential": f"def model():\n    body = features({{widths}}, {{kernel}}, {{norm}})\n    return nn.Sequential(body, {HEAD})\n",
    "class": "class Net(nn.Module):\n    def __init__(self, widths, classes):\n        super().__init__()\n"
    "        self.features = features(widths, {kernel}, {norm})\n"
    "        self.head = nn.Sequential(nn.Dropout(), nn.Linear({last} * {size} * {size}, classes))\n"
    "    def forward(self, x):\n        x = self.features(x)\n        return self.head(x.view(x.size(0), -1))\n"
    "def model():\n    return Net({widths}, {classes})\n",
    "pooled": "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.features = features({widths}, {kernel}, {norm})\n"
    "        self.pool = nn.AdaptiveAvgPool2d(1)\n        self.head = nn.Sequential(nn.Linear({last}, {classes}), nn.LogSoftmax(dim=1))\n"
    "    def forward(self, x):\n        return self.head(self.pool(self.features(x)).flatten(1))\ndef model():\n    return Net()\n",
    "derived": "class Base(nn.Module):\n    classes = 2\n    def __init__(self):\n        super().__init__()\n        self.body = self.make_body()\n"
    "        self.head = self.make_head()\n    def make_body(self):\n        raise NotImplementedError\n    def make_head(self):\n"
    "        return nn.Sequential(nn.Flatten(), nn.Linear(self.out() * {size} ** 2, self.classes))\n    def out(self):\n        return {last}\n"
    "    def forward(self, x):\n        return self.head(self.body(x))\nclass Net(Base):\n    classes = {classes}\n    def make_body(self):\n"
    "        return features({widths}, {kernel}, {norm})\ndef model():\n    return Net()\n",
    "subclass of Sequential": "class Net(nn.Sequential):\n    def __init__(self, *, hidden=12):\n        super().__init__(features({widths}, {kernel}, {norm}), nn.Flatten())\n"
    "        self.append(nn.Linear({last} * {size} * {size}, hidden))\n        self.extend([nn.ReLU(), nn.Linear(hidden, {classes})])\n"
    "def model():\n    return Net(hidden=10)\n",
    "asked for its size": "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.body = features({widths}, {kernel}, {norm})\n"
    "        with torch.no_grad():\n            found = self.body(torch.zeros(1, 3, 32, 32)).flatten(1).shape[1]\n"
    "        self.head = nn.Sequential(nn.Linear(found, {classes}))\n    def forward(self, x):\n        return self.head(torch.flatten(self.body(x), 1))\n"
    "def model():\n    return Net()\n",
}  # fmt: skip

# ---------------------------------------------------------------- how it is run

RUNS: dict[str, str] = {
    "called": "net = model()\nprint(net(torch.randn(2, 3, 32, 32)).shape)\n",
    "guarded": "def main():\n    net = model().eval()\n    with torch.no_grad():\n        out = net(torch.rand(4, 3, 32, 32))\n    print(out.shape)\n"
    "if __name__ == '__main__':\n    main()\n",
    "trained": "from torch.utils.data import DataLoader, TensorDataset\ndata = TensorDataset(torch.randn(8, 3, 32, 32), torch.randint(0, 2, (8,)))\n"
    "loader = DataLoader(data, batch_size=4, shuffle=True)\nnet = model()\noptimizer = torch.optim.SGD(net.parameters(), lr=0.01)\n"
    "loss_of = nn.CrossEntropyLoss()\nfor epoch in range(2):\n    for images, labels in loader:\n        optimizer.zero_grad()\n"
    "        loss = loss_of(net(images), labels)\n        loss.backward()\n        optimizer.step()\n    print(epoch)\n",
    "on a device": "device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')\nnet = model().to(device)\nx = torch.randn(2, 3, 32, 32).to(device)\n"
    "if torch.cuda.device_count() > 1:\n    net = nn.DataParallel(net)\nprint(net(x).sum().item() > 0)\n",
    "several sizes": "net = model()\nfor batch in (2, 3):\n    out = net(torch.ones(batch, 3, 32, 32))\n    assert out.shape[0] == batch, out.shape\n",
    "frozen": "net = model()\nfor name, parameter in net.named_parameters():\n    parameter.requires_grad = 'head' in name\n"
    "print(sum(p.numel() for p in net.parameters() if p.requires_grad))\nnet(torch.zeros(2, 3, 32, 32))\n",
    "test class": "import unittest\nclass Test(unittest.TestCase):\n    def setUp(self):\n        self.net = model()\n    def test_runs(self):\n"
    "        self.assertEqual(len(self.net(torch.zeros(2, 3, 32, 32))), 2)\nif __name__ == '__main__':\n"
    "    assert unittest.main(exit=False, argv=['x']).result.wasSuccessful()\n",
    "printed twice": "nets = {name: model() for name in ('teacher', 'student')}\nfor name, net in nets.items():\n    print(name, net(torch.randn(2, 3, 32, 32)).shape)\n",
}  # fmt: skip


def program(number: int, seed: int = 0) -> tuple[str, Files]:
    """A name that says what the program is made of, and its files."""
    draw = random.Random(f"{seed} {number}")
    given = Settings(
        [draw.choice((3, 4, 6, 8)) for _ in range(draw.choice((2, 3)))],
        draw.randint(2, 9),
        draw.choice((1, 3, 5)),
        draw.random() < 0.5,
    )
    store, builder, model, run = (draw.choice(list(each)) for each in (STORES, BUILDERS, MODELS, RUNS))
    written, form = STORES[store]
    change = draw.choice(list(CHANGES[form])) if draw.random() < 0.6 else "nothing"
    read = {name: form.format(name=name, NAME=name.upper()) for name in vars(given)}
    size = f"(32 // 2 ** len({read['widths']}))"
    fault = draw.choice(("none", "none", "size", "last"))
    head = {
        "last": f"{read['widths']}[{0 if fault == 'last' else -1}]",
        "size": f"({size} + 1)" if fault == "size" else draw.choice((size, str(32 // 2 ** len(given.widths)))),
    }
    settings = written(given) + CHANGES[form].get(change, "")
    if draw.random() < 0.5:  # people also write down the numbers that come out
        space: dict[str, object] = {}
        exec(settings, space)
        head = {what: str(eval(text, space)) for what, text in head.items()}
    main = BLOCK + BUILDERS[builder] + MODELS[model].format(**read, **head) + RUNS[run]
    start = "import torch\nfrom torch import nn\n"
    name = f"{number}: {store}, {change}, {builder}, {model}, {run}, fault {fault}"
    if draw.random() < 0.2:
        names = ", ".join(read[each] for each in read) if form == BY_NAME else "cfg"
        return f"{name}, two files", {
            "settings.py": settings,
            "main.py": f"{start}from settings import {names}\n{main}",
        }
    return name, {"main.py": start + settings + main}
