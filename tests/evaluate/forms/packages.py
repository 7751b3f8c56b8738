"""Programs in several files: imports of every kind."""

from __future__ import annotations

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
    "everything imported in a try that ends in raise": {
        "main.py": "try:\n    import numpy as np\n    from torch import nn\n    import nowhere_else\nexcept ImportError as e:\n    print(e)\n    raise ImportError from e\ndef build(): return nn.Sequential(nn.Conv2d(int(np.prod((1, 2))), 3, 1))\n",
        "nowhere_else.py": "",
    },
    "everything imported in a try that ends the program": {
        "main.py": "import sys\ntry:\n    import numpy\n    import torch.nn as nn\nexcept ImportError:\n    sys.exit('numpy is needed')\ndef build(): return nn.Sequential(nn.Conv2d(1, 3, 1))\n",
    },
    "torch imported before what may not be installed": {
        "main.py": "try:\n    import os\n    from torch import nn\n    import numpy as np\nexcept ImportError:\n    np = None\ndef build(): return nn.Sequential(nn.Conv2d(1, 3, 1))\n",
    },
    "registry of another file, filled by its decorators": {
        "main.py": "from torch import nn\nfrom store import KINDS\ndef build(): return nn.Sequential(KINDS['conv', 2](1, 2, 3), KINDS[KINDS.ACT]())\n",
        "store.py": """
from torch import nn
class Factory:
    def __init__(self):
        self.made = {}
    def register(self, name):
        def add(function):
            self.made[name.upper()] = function
            return function
        return add
    def __call__(self, function):
        self.made[function.__name__.upper()] = function
    def __getitem__(self, args):
        name, *rest = (args,) if isinstance(args, str) else args
        if name.upper() not in self.made:
            raise ValueError(name)
        return self.made[name.upper()](*rest)
    def __getattr__(self, name):
        if name in self.made:
            return name
        raise AttributeError(name)
KINDS = Factory()
@KINDS.register("conv")
def convolution(dim): return (nn.Conv1d, nn.Conv2d, nn.Conv3d)[dim - 1]
@KINDS
def act(): return nn.ReLU
""",
    },
    "registry of another file": {
        "lib/__init__.py": "",
        "lib/registry.py": "import sys\nfrom collections import defaultdict\nBLOCKS, WIDTHS, names = {}, {}, defaultdict(set)\ndef register_block(name, block): BLOCKS[name] = block\ndef register(fn):\n    module = sys.modules[fn.__module__]\n    names[fn.__module__.split('.')[-1]].add(fn.__name__)\n    if hasattr(module, 'widths') and fn.__name__ in module.widths:\n        WIDTHS[fn.__name__] = module.widths[fn.__name__]\n    return fn\ndef make(name, block):\n    width = WIDTHS[name] if name in WIDTHS else 1\n    assert block in BLOCKS\n    return BLOCKS[block](width)\n",
        "lib/blocks.py": "from torch import nn\nfrom .registry import register_block, register, make\nwidths = {'net': 7}\ndef block(c): return nn.Sequential(nn.Linear(c, c))\nregister_block('own', block)\n@register\ndef net(): return make('net', 'own')\n",
        "main.py": "from torch import nn\nfrom lib.blocks import net\ndef build(): return nn.Sequential(net())\n",
    },
}
