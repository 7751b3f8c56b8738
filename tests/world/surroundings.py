"""What stands around one mistake in people's programs, in pieces that can be put together: how the number is written, how the model
is defined, where data comes from, what is done about devices, what else is done to the model, and what the call stands in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Bug:
    """Layers by name, and what forward does with them; `{number}` is right or wrong. `comments`: behind a layer, on its line."""

    layers: dict[str, str]
    forward: str
    right: int
    wrong: int
    comments: dict[str, str]


BUGS = {
    "linear": Bug(
        {"conv1": "nn.Conv2d(3, 8, 3)", "pool": "nn.MaxPool2d(2)", "conv2": "nn.Conv2d(8, 16, 3)", "fc": "nn.Linear({number}, 10)"},
        "x = {pool}(F.relu({conv1}(x)))\nx = {pool}(F.relu({conv2}(x)))\nreturn {fc}(torch.flatten(x, 1))\n",
        576, 400, {},
    ),
    "channels": Bug(
        {"conv1": "nn.Conv2d(3, 12, 5, padding=2)", "norm": "nn.BatchNorm2d(12)", "conv2": "nn.Conv2d({number}, 24, 3)"},
        "x = F.relu({norm}({conv1}(x)))\nreturn {conv2}(x)\n",
        12, 16, {},
    ),
    "residual": Bug(
        {"conv1": "nn.Conv2d(3, 3, 3, padding={number})", "act": "nn.ReLU()"},
        "y = {act}({conv1}(x))\nreturn x + y\n",
        1, 0, {},
    ),
    "same": Bug(
        {"conv1": "nn.Conv2d(3, 6, 5, padding={number})", "act": "nn.ReLU()"},
        "y = {conv1}(x)\nassert y.shape[2:] == x.shape[2:], 'meant to keep the size'\nreturn {act}(y)\n",
        2, 1, {"conv1": "  # padlint: same"},
    ),
}  # fmt: skip

# ---------------------------------------------------------------- the number: (what stands before the model, the number); N is it

NUMBERS: dict[str, tuple[str, str]] = {
    "literal": ("", "N"),
    "constant": ("FEATURES = N\n", "FEATURES"),
    "bound twice": ("FEATURES = 7\nFEATURES = N\n", "FEATURES"),
    "attribute of a class": ("class Config:\n    features = N\n", "Config.features"),
    "attribute set later": ("class Config:\n    features = 7\nConfig.features = N\n", "Config.features"),
    "dict": ("options = {'features': N, 'lr': 0.1}\n", "options['features']"),
    "dict updated": ("options = dict(features=7)\noptions.update(features=N)\n", "options.get('features', 1)"),
    "json": ("import json\noptions = json.loads('{\"features\": N}')\n", "options['features']"),
    "argparse": (
        "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('--features', type=int, default=N)\nargs = parser.parse_args()\n",
        "args.features",
    ),
    "argparse of nothing": (
        "from argparse import ArgumentParser\np = ArgumentParser()\np.add_argument('-f', '--features', default=N, type=int)\nargs, _ = p.parse_known_args([])\n",
        "args.features",
    ),
    "dataclass": ("from dataclasses import dataclass\n@dataclass\nclass Config:\n    features: int = N\nconfig = Config()\n", "config.features"),
    "named tuple": ("from typing import NamedTuple\nclass Config(NamedTuple):\n    features: int = N\n", "Config().features"),
    "enum": ("from enum import IntEnum\nclass Sizes(IntEnum):\n    FEATURES = N\n", "Sizes.FEATURES.value"),
    "numpy": ("import numpy as np\nfeatures = int(np.prod((1, N)))\n", "features"),
    "math": ("import math\nfeatures = math.prod([1, N])\n", "features"),
    "text": ("features = int(f'{N}')\n", "features"),
    "function": ("def features():\n    return N\n", "features()"),
    "lambda": ("features = lambda extra=0: N + extra\n", "features()"),
    "unpacked": ("first, *_, FEATURES = 1, 2, N\n", "FEATURES"),
    "global": ("FEATURES = None\ndef setup():\n    global FEATURES\n    FEATURES = N\nsetup()\n", "FEATURES"),
    "namespace": ("from types import SimpleNamespace as Bag\nbag = Bag()\nbag.features = N\n", "bag.features"),
    "from a try": ("try:\n    import yaml_that_nobody_has\n    FEATURES = 7\nexcept ImportError:\n    FEATURES = N\n", "FEATURES"),
}  # fmt: skip

# ---------------------------------------------------------------- the model: LAYERS, FORWARD at 8 spaces; each binds `net`

ASSIGNED, NAMED, FORWARD = "ASSIGNED", "NAMED", "FORWARD"  # self.name = layer | "name": layer, | the body of forward

START = "    def __init__(self):\n        super().__init__()\n"
CALLED = "    def forward(self, x):\nFORWARD"
MODELS: dict[str, str] = {
    "class": f"class Net(nn.Module):\n{START}ASSIGNED{CALLED}net = Net()\n",
    "old super": "class Net(nn.Module):\n    def __init__(self):\n        super(Net, self).__init__()\n"
    f"ASSIGNED{CALLED}net = Net()\n",
    "init of the base": f"class Net(torch.nn.Module):\n    def __init__(self):\n        nn.Module.__init__(self)\nASSIGNED{CALLED}net = Net()\n",
    "base class": f"class Base(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.build()\n"
    f"    def build(self):\n        raise NotImplementedError\nclass Net(Base):\n    def build(self):\nASSIGNED{CALLED}net = Net()\n",
    "abstract base": f"from abc import ABC, abstractmethod\nclass Base(nn.Module, ABC):\n    @abstractmethod\n    def forward(self, x): ...\nclass Net(Base):\n{START}ASSIGNED{CALLED}net = Net()\n",
    "mixin": f"class Counts:\n    def count(self):\n        return sum(p.numel() for p in self.parameters())\nclass Net(Counts, nn.Module):\n{START}ASSIGNED{CALLED}net = Net()\nprint(net.count())\n",
    "setattr": f"class Net(nn.Module):\n{START}        for name, layer in {{\nNAMED        }}.items():\n            setattr(self, name, layer)\n{CALLED}net = Net()\n",
    "add_module": f"class Net(nn.Module):\n{START}        layers = {{\nNAMED        }}\n        for name in layers:\n            self.add_module(name, layers[name])\n{CALLED}net = Net()\n",
    "ModuleDict": f"class Net(nn.Module):\n{START}        self.layers = nn.ModuleDict({{\nNAMED        }})\n{CALLED.replace('FORWARD', 'BY_KEY')}net = Net()\n",
    "factory": "def make():\n    class Net(nn.Module):\n        def __init__(self):\n            super().__init__()\n            self.build()\n        def build(self):\nASSIGNED        def forward(self, x):\nFORWARD    return Net()\nnet = make()\n",
    "call of its own": f"class Net(nn.Module):\n{START}ASSIGNED{CALLED}    def __call__(self, *args, **kwargs):\n        return super().__call__(*args, **kwargs)\nnet = Net()\n",
    "decorated forward": "import functools\ndef logged(function):\n    @functools.wraps(function)\n    def inner(*args, **kwargs):\n        return function(*args, **kwargs)\n    return inner\n"
    f"class Net(nn.Module):\n{START}ASSIGNED    @logged\n{CALLED}net = Net()\n",
    "class method": f"class Net(nn.Module):\n{START}ASSIGNED{CALLED}    @classmethod\n    def create(cls, *args):\n        return cls(*args)\nnet = Net.create()\n",
    "by name": f"class Net(nn.Module):\n{START}ASSIGNED{CALLED}net = globals()['Net']()\n",
    "registry": f"MODELS = {{}}\ndef register(cls):\n    MODELS[cls.__name__.lower()] = cls\n    return cls\n@register\nclass Net(nn.Module):\n{START}ASSIGNED{CALLED}net = MODELS['net']()\n",
    "wrapped": f"class Net(nn.Module):\n{START}ASSIGNED{CALLED}class Wrapper(nn.Module):\n    def __init__(self, inner):\n        super().__init__()\n        self.inner = inner\n    def forward(self, *args):\n        return self.inner(*args)\nnet = Wrapper(Net())\n",
    "lightning": f"class LightningLike(nn.Module):\n    def log(self, *args): pass\n    def training_step(self, batch, number): return self(batch).mean()\nclass Net(LightningLike):\n{START}ASSIGNED{CALLED}net = Net()\n",
    "typed": "from typing import Optional\nclass Net(nn.Module):\n    def __init__(self, dropout: Optional[float] = None, **unused: object) -> None:\n        super().__init__()\nASSIGNED    def forward(self, x: torch.Tensor) -> torch.Tensor:\nFORWARDnet: nn.Module = Net(dropout=0.1)\n",
    "singleton": f"class Net(nn.Module):\n    _it = None\n{START}ASSIGNED{CALLED}    @staticmethod\n    def get():\n        if Net._it is None:\n            Net._it = Net()\n        return Net._it\nnet = Net.get()\n",
    "ensemble": f"class Net(nn.Module):\n{START}ASSIGNED{CALLED}nets = nn.ModuleList(Net() for _ in range(2))\nnet = nets[-1]\n",
    "made with type": "def start(self):\n        nn.Module.__init__(self)\nASSIGNEDdef run(self, x):\nFORWARDNet = type('Net', (nn.Module,), {'__init__': start, 'forward': run})\nnet = Net()\n",
}  # fmt: skip

# ---------------------------------------------------------------- data: (what stands before, the line that binds `x`)

X = "torch.randn(2, 3, 32, 32)"
TENSORS = "from torch.utils.data import DataLoader, Dataset, TensorDataset, Subset, random_split\n"
MADE = f"{TENSORS}data = TensorDataset(torch.randn(8, 3, 32, 32), torch.zeros(8))\n"
OWN = (
    f"{TENSORS}class Data(Dataset):\n    def __init__(self, n):\n        self.n = n\n    def __len__(self):\n        return self.n\n"
    "    def __getitem__(self, i):\n        return torch.randn(3, 32, 32), i % 10\n"
)
DATA: dict[str, tuple[str, str]] = {
    "randn": ("", f"x = {X}\n"),
    "shape in a name": ("shape = (2, 3, 32, 32)\n", "x = torch.rand(shape)\n"),
    "starred shape": ("batch, size = 2, [3, 32, 32]\n", "x = torch.zeros(batch, *size)\n"),
    "loader": (f"{MADE}loader = DataLoader(data, batch_size=4, shuffle=True)\n", "for x, y in loader:\n"),
    "enumerated loader": (f"{MADE}loader = DataLoader(data, 4)\n", "for step, (x, y) in enumerate(loader):\n"),
    "first batch": (f"{MADE}loader = DataLoader(data, batch_size=2)\n", "x, y = next(iter(loader))\n"),
    "subset": (f"{MADE}loader = DataLoader(Subset(data, [0, 1, 2]), batch_size=3)\n", "for x, _ in loader:\n"),
    "split": (f"{MADE}train, test = random_split(data, [6, 2])\nloader = DataLoader(train, batch_size=2)\n", "for x, _ in loader:\n"),
    "own data set": (f"{OWN}loader = DataLoader(Data(8), batch_size=4)\n", "for x, y in loader:\n"),
    "item of an own data set": (f"{OWN}data = Data(8)\n", "x = data[0][0].unsqueeze(0)\n"),
    "loader of a list": (f"{TENSORS}loader = DataLoader([torch.randn(3, 32, 32) for _ in range(4)], batch_size=2)\n", "for x in loader:\n"),
    "loader of a tensor": (f"{TENSORS}loader = DataLoader(torch.randn(4, 3, 32, 32), batch_size=2)\n", "for x in loader:\n"),
    "list of batches": (f"batches = [({X}, 0) for _ in range(3)]\n", "for x, y in batches:\n"),
    "generator": (f"def batches():\n    while True:\n        yield {X}\n", "x = next(batches())\n"),
    "dict": (f"batch = {{'image': {X}, 'label': 1}}\n", "x = batch['image']\n"),
    "numpy": ("import numpy as np\n", "x = torch.from_numpy(np.zeros((2, 3, 32, 32), dtype=np.float32))\n"),
    "numpy random": ("import numpy as np\n", "x = torch.tensor(np.random.rand(2, 3, 32, 32)).float()\n"),
    "channels last": ("picture = torch.rand(2, 32, 32, 3)\n", "x = picture.permute(0, 3, 1, 2).contiguous()\n"),
    "stacked": ("", "x = torch.stack([torch.rand(3, 32, 32) for _ in range(2)], dim=0)\n"),
    "joined": ("", "x = torch.cat((torch.rand(1, 3, 32, 32), torch.rand(1, 3, 32, 32)))\n"),
    "repeated": ("gray = torch.rand(2, 1, 32, 32)\n", "x = gray.repeat(1, 3, 1, 1)\n"),
    "resized": ("", "x = F.interpolate(torch.rand(2, 3, 64, 64), size=(32, 32), mode='bilinear')\n"),
    "one item": ("", "x = torch.rand(3, 32, 32)[None]\n"),
    "from a function": ("def load(n=2):\n    images = torch.rand(n, 3, 32, 32)\n    return images, torch.arange(n)\n", "x, y = load()\n"),
    "global": ("x = None\ndef load():\n    global x\n    x = torch.zeros(2, 3, 32, 32)\nload()\n", "x = x * 1\n"),
    "named tuple": (f"from collections import namedtuple\nBatch = namedtuple('Batch', 'x y')\nbatch = Batch({X}, y=None)\n", "x = batch.x\n"),
}  # fmt: skip

# ---------------------------------------------------------------- devices: (about `net`, about `x`)

DEVICES: dict[str, tuple[str, str]] = {
    "none": ("", ""),
    "chosen in a line": ("device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')\nnet = net.to(device)\n", "x = x.to(device)\n"),
    "if cuda": ("if torch.cuda.is_available():\n    net = net.cuda()\n", "if torch.cuda.is_available():\n    x = x.cuda()\n"),
    "flag": ("use_cuda = torch.cuda.is_available()\nif use_cuda:\n    net.cuda()\n", "x = x.cuda() if use_cuda else x\n"),
    "if and else": ("if torch.cuda.is_available():\n    device = 'cuda'\nelif torch.backends.mps.is_available():\n    device = 'mps'\nelse:\n    device = 'cpu'\nnet.to(device)\n", "x = x.to(device, non_blocking=True)\n"),
    "parallel": ("if torch.cuda.device_count() > 1:\n    net = nn.DataParallel(net)\n", ""),
    "device of a parameter": ("", "x = x.to(next(net.parameters()).device)\n"),
    "function": ("def to_device(value):\n    return value.cuda() if torch.cuda.is_available() else value\nnet = to_device(net)\n", "x = to_device(x)\n"),
    "environment": ("import os\nif os.environ.get('WITH_GPU_PLEASE'):\n    net = net.cuda()\n", "x = x.float()\n"),
    "double": ("net = net.double()\n", "x = x.double()\n"),
}  # fmt: skip

# ---------------------------------------------------------------- what else is done to `net`

EXTRAS: dict[str, str] = {
    "nothing": "",
    "eval": "net.eval()\n",
    "hook": "def hook(module, inputs, output):\n    print(type(module).__name__)\nnet.register_forward_hook(hook)\n",
    "hook on each": "features = {}\nfor name, module in net.named_modules():\n    module.register_forward_hook(lambda m, i, o, name=name: features.update({name: None}))\n",
    "initialised": "def init(m):\n    if isinstance(m, (nn.Conv2d, nn.Linear)):\n        nn.init.kaiming_normal_(m.weight)\nnet.apply(init)\n",
    "optimizer": "optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)\nscheduler = torch.optim.lr_scheduler.StepLR(optimizer, 10)\n",
    "state": "state = net.state_dict()\nnet.load_state_dict(state)\n",
    "copied": "import copy\nnet = copy.deepcopy(net)\n",
    "seeded": "import random\nrandom.seed(0)\ntorch.manual_seed(0)\n",
    "counted": "print(sum(p.numel() for p in net.parameters() if p.requires_grad))\n",
    "frozen": "for p in net.parameters():\n    p.requires_grad_(False)\n",
    "checkpoint": "import os\nif os.path.exists('no_such_checkpoint.pt'):\n    net.load_state_dict(torch.load('no_such_checkpoint.pt'))\n",
    "printed": "print(net)\nfor name, child in net.named_children():\n    print(name, child)\n",
    "logging": "import logging\nlogging.basicConfig()\nlog = logging.getLogger(__name__)\nlog.info('model %s', net)\n",
}  # fmt: skip

# ---------------------------------------------------------------- what it stands in: BODY are the lines that take data and call

AROUND: dict[str, str] = {
    "nothing": "BODY",
    "no_grad": "with torch.no_grad():\n    BODY",
    "main": "def main():\n    BODY\nmain()\n",
    "guard": "if __name__ == '__main__':\n    BODY",
    "main and guard": "def main(argv=None):\n    BODY\n    return 0\nif __name__ == '__main__':\n    raise SystemExit(main())\n",
    "epochs": "for epoch in range(3):\n    BODY",
    "while": "step = 0\nwhile step < 5:\n    BODY\n    step += 1\n",
    "raised again": "try:\n    BODY\nexcept RuntimeError as problem:\n    print(problem)\n    raise\n",
    "interrupt": "try:\n    BODY\nexcept KeyboardInterrupt:\n    print('stopped')\n",
    "finally": "try:\n    BODY\nfinally:\n    print('done')\n",
    "another error": "try:\n    BODY\nexcept FileNotFoundError:\n    print('no data')\n",
    "else of a try": "try:\n    import tqdm_that_nobody_has\nexcept ImportError:\n    tqdm_that_nobody_has = None\nelse:\n    print('bars')\nBODY",
    "suppressed": "import contextlib\nwith contextlib.suppress(KeyboardInterrupt):\n    BODY",
    "own context": "from contextlib import contextmanager\n@contextmanager\ndef timed(name):\n    yield\n    print(name)\nwith timed('run'):\n    BODY",
    "decorated": "import functools, time\ndef timed(function):\n    @functools.wraps(function)\n    def inner(*args, **kw):\n        start = time.time()\n        result = function(*args, **kw)\n        print(time.time() >= start)\n        return result\n    return inner\n@timed\ndef run():\n    BODY\nrun()\n",
    "trainer": "class Trainer:\n    def __init__(self, epochs=1):\n        self.epochs = epochs\n    def fit(self):\n        for self.epoch in range(self.epochs):\n            self.step()\n    def step(self):\n        BODY\nTrainer().fit()\n",
    "test function": "def test_forward():\n    BODY\ntest_forward()\n",
    "unittest": "import unittest\nclass TestNet(unittest.TestCase):\n    def test_forward(self):\n        BODY\nif __name__ == '__main__':\n    TestNet('test_forward').debug()\n",
    "test class": "class TestNet:\n    def test_forward(self):\n        BODY\nTestNet().test_forward()\n",
    "if True": "if True:\n    BODY",
    "if of a flag": "TRAIN = True\nif TRAIN:\n    BODY",
    "if unknown": "import sys\nif len(sys.argv) > 5:\n    print('many')\nelse:\n    BODY",
    "warnings": "import warnings\nwith warnings.catch_warnings():\n    warnings.simplefilter('ignore')\n    BODY",
    "nested functions": "def outer():\n    def inner():\n        BODY\n    return inner\nouter()()\n",
    "thread": "import threading\nproblems = []\ndef work():\n    try:\n        BODY\n    except Exception as problem:\n        problems.append(problem)\nthread = threading.Thread(target=work)\nthread.start()\nthread.join()\nif problems:\n    raise problems[0]\n",
    "match": "mode = 'train'\nmatch mode:\n    case 'train':\n        BODY\n    case _:\n        pass\n",
    "assert": "BODY\nassert net is not None\n",
    "async": "import asyncio\nasync def run():\n    BODY\nasyncio.run(run())\n",
}  # fmt: skip

CALLS: dict[str, str] = {
    "called": "out = net(x)\n",
    "forward": "out = net.forward(x)\n",
    "printed": "print(f'{net(x).shape}')\n",
    "chained": "loss = net(x).float().mean()\nloss = loss * 2\n",
    "lambda": "run = lambda v: net(v)\nout = run(x)\n",
    "list": "outs = [net(each) for each in (x,)]\n",
    "map": "out, = map(net, [x])\n",
    "by keyword": "out = net(x=x)\n",
    "function": "def predict(model, inputs):\n    return model(inputs)\nout = predict(net, x)\n",
    "double star": "args = [x]\nout = net(*args)\n",
    "autocast": "with torch.autocast('cpu', enabled=False):\n    out = net(x)\n",
    "backward": "x = x.clone().requires_grad_()\nnet(x).sum().backward()\n",
}  # fmt: skip
