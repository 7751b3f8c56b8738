"""Files that are made to hurt whoever reads them: too deep, too long, too wide, endless."""

from __future__ import annotations

HEADER = "import torch\nfrom torch import nn\n"


def _model(layers: str, before: str = "") -> str:
    return f"{HEADER}{before}\n\ndef build():\n    return nn.Sequential({layers})\n"


def _class(number: int) -> str:
    return (
        f"class Model{number}(nn.Module):\n"
        "    def __init__(self, width=8):\n"
        "        super().__init__()\n"
        f"        self.body = nn.Sequential(nn.Conv2d(3, width, {number % 7 + 1}), nn.ReLU(), nn.Conv2d(width, 4, 3))\n"
        "    def forward(self, x):\n"
        "        return self.body(x)\n\n"
    )


def generated(megabytes: float) -> str:
    """A file of many models."""
    classes: list[str] = []
    size = 0
    while size < megabytes * 1e6:
        classes.append(_class(len(classes)))
        size += len(classes[-1])
    return HEADER + "".join(classes)


DEEP = {
    "1,500 parentheses": _model("(" * 1500 + "nn.ReLU()" + ")" * 1500),
    "100,000 parentheses": _model("(" * 100_000 + "nn.ReLU()" + ")" * 100_000),
    "unclosed parentheses": _model("(" * 100_000),
    "a sum of 6,000 terms": _model("nn.Conv2d(" + " + ".join(["1"] * 6000) + ", 3, 1)"),
    "a sum of 100,000 terms": _model("nn.Conv2d(" + "+".join(["1"] * 100_000) + ", 3, 1)"),
    "6,000 attributes": _model("nn" + ".nn" * 6000),
    "6,000 calls": _model("nn.ReLU" + "()" * 6000),
    "6,000 signs": _model("nn.ReLU(" + "-" * 6000 + "1)"),
    "6,000 nots": _model("nn.ReLU(" + "not " * 6000 + "True)"),
    "3,000 lambdas": _model("lambda: " * 3000 + "nn.ReLU()"),
    "3,000 conditions": _model("nn.ReLU() if a else " * 3000 + "nn.ReLU()"),
    "5,000 elifs": _model("nn.ReLU()", "if a: pass\n" + "elif a: pass\n" * 5000),
    "99 nested ifs": _model(
        "nn.ReLU()", "".join(" " * i + "if a:\n" for i in range(99)) + " " * 99 + "nn.Sequential()"
    ),
    "2,000 nested ifs": _model("nn.ReLU()", "".join(" " * i + "if a:\n" for i in range(2000)) + " " * 2000 + "pass"),
    "90 nested functions": HEADER
    + "".join(f"{' ' * i}def f{i}():\n" for i in range(90))
    + " " * 90
    + "nn.Sequential(nn.ReLU())\n",
    "nested Sequentials": _model("nn.Sequential(" * 150 + "nn.ReLU()" + ")" * 150),
    "nested f-strings": _model("nn.ReLU(" + "f'{" * 150 + "1" + "}'" * 150 + ")"),
    "20,000 decorators": _model("nn.ReLU()", "@d\n" * 20_000 + "def f(): pass\n"),
    "2,000 with items": _model("nn.ReLU()", "with (" + "a as b, " * 2000 + "): nn.Sequential()\n"),
    "deep subscripts": _model("x" + "[0]" * 6000),
    "a comparison of 6,000": _model("nn.ReLU(" + "<".join(["1"] * 6000) + ")"),
    "a deep pattern": _model("nn.ReLU()", "match a:\n case " + "[" * 190 + "x" + "]" * 190 + ": nn.Sequential()\n"),
    "20,000 patterns": _model("nn.ReLU()", "match a:\n case " + "|".join(["1"] * 20_000) + ": nn.Sequential()\n"),
    "a type of 6,000": _model("nn.ReLU()", "def f(x: " + "|".join(["int"] * 6000) + "): nn.Sequential()\n"),
}
"""What crashes parsers: nesting and chains."""

WIDE = {
    "20,000 layers": _model("nn.ReLU(), " * 20_000),
    "20,000 layers on lines of their own": _model("\n" + "    nn.Conv2d(8, 8, 3, padding=1),\n" * 20_000),
    "5,000 layers": _model("nn.ReLU(), " * 5_000),
    "20,000 arguments": _model("nn.Conv2d(" + "1, " * 20_000 + ")"),
    "a line of 5 MB": _model("nn.ReLU()", "x = '" + "a" * 5_000_000 + "'\n"),
    "a huge f-string": _model("nn.ReLU()", "x = f'" + "{nn.Sequential()}" * 20_000 + "'\n"),
    "100,000 comments": _model("nn.ReLU()", "# padlint: same\n" * 100_000),
    "a comment of 5 MB": _model("nn.ReLU()", "# padlint: input=(" + "N, " * 1_600_000 + ")\n"),
    "a directive of parentheses": _model("nn.ReLU()", "# padlint: input=(" + "(" * 50_000 + ")\n"),
    "a number of 4 MB": _model("nn.Conv2d(" + "9" * 4_000_000 + ", 3, 1)"),
    "a number of 4 MB in hexadecimal": _model("nn.Conv2d(0x" + "f" * 4_000_000 + ", 3, 1)"),
    "a name of 1 MB": _model("nn.ReLU()", "a" * 1_000_000 + " = nn.Sequential(nn.ReLU())\n"),
    "300,000 line breaks": _model("nn.ReLU(),\n" + "\n" * 300_000),
    "300,000 backslashes": _model("nn.ReLU(), " + "\\\n" * 300_000),
    "200,000 semicolons": _model("nn.ReLU()", "x = 1;" * 200_000 + "\n"),
    "100,000 assignments": _model("nn.ReLU()", "x = nn\n" * 100_000),
    "an unclosed string of 5 MB": _model("nn.ReLU()") + "'''" + "nn.Sequential( \\" * 300_000,
    "unclosed f-strings": _model("nn.ReLU()") + "f'{" * 200_000,
}
"""What is large."""

ENDLESS = {
    "20,000 layers in a loop": _model("*net", "net = []\nfor _ in range(20000):\n    net.append(nn.Conv2d(8, 8, 3, padding=1))\n"),
    "20,000 layers in a comprehension": _model("*[nn.Conv2d(8, 8, 3, padding=1) for _ in range(20000)]"),
    "300 methods that call each other": HEADER
    + "class A(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.net = nn.Sequential(nn.Conv2d(3, 3, 3))\n"
    + "".join(f"    def m{i}(self, x):\n        return self.m{(i + 1) % 300}(x) + self.m{(i + 7) % 300}(self.net(x))\n" for i in range(300))
    + "    def forward(self, x):\n        return self.m0(x)\n",
    "a range of 10**12": _model("*[nn.ReLU() for _ in range(10**12)]"),
    "a loop over 10**12": _model("*net", "net = []\nfor i in range(10**12):\n    net.append(nn.ReLU())\n"),
    "2**10**10": _model("nn.Conv2d(2**10**10, 3, 1)"),
    "a tower": _model("nn.Conv2d(9**9**9**9, 3, 1)"),
    "a shift": _model("nn.Conv2d(1 << 10**11, 3, 1)"),
    "[x] * 10**9": _model("*([nn.ReLU()] * 10**9)"),
    "'x' * 10**10": _model("nn.Conv2d(len('x' * 10**10), 3, 1)"),
    "bytes of 10**10": _model("nn.Conv2d(len(bytes(10**10)), 3, 1)"),
    "a tuple of 10**9": _model("nn.Conv2d(3, 3, (1,) * 10**9)"),
    "a product of loops": _model("*[nn.ReLU() for a in r for b in r for c in r for d in r]", "r = range(99999)\n"),
    "a call tree": _model("tree(60)", "def tree(n): return nn.ReLU() if n == 0 else nn.Sequential(tree(n-1), tree(n-1))\n"),
    "a wide call tree": _model("tree(9)", "def tree(n): return nn.Sequential(*[tree(n - 1) for _ in range(9)])\n"),
    "Fibonacci": _model("nn.Conv2d(fib(90), 3, 1)", "def fib(n): return n if n < 2 else fib(n-1) + fib(n-2)\n"),
    "Ackermann": _model(
        "nn.Conv2d(a(4, 4), 3, 1)",
        "def a(m, n): return n + 1 if m == 0 else a(m - 1, 1) if n == 0 else a(m - 1, a(m, n - 1))\n",
    ),
    "endless recursion": _model("again()", "def again(): return nn.Sequential(again())\n"),
    "endless construction": _model("A()", "class A(nn.Module):\n    def __init__(self): self.a = nn.Sequential(A())\n"),
    "endless forward": _model(
        "A()", "class A(nn.Module):\n    def forward(self, x): return self(nn.Sequential(nn.ReLU())(x))\n"
    ),
    "an endless while": _model("*net", "net = []\nwhile True:\n    net.append(nn.Sequential(nn.ReLU()))\n"),
    "doubling": _model("*net", "net = [nn.ReLU()]\nfor _ in range(64): net = net + net\n"),
    "a doubling text": _model("nn.Conv2d(len(t), 3, 1)", "t = 'x'\nfor _ in range(64): t = t + t\n"),
    "doubling tuples": _model("nn.Conv2d(3, 3, t)", "t = (1,)\nfor _ in range(64): t = (t, t)\n"),
    "a list in itself": _model("*net", "net = []\nnet.append(net)\nnet.extend(net)\n"),
    "a module in itself": _model("net", "net = nn.Sequential(nn.ReLU())\nnet.append(net)\nnet(torch.rand(1, 2))\n"),
    "60 unknown conditions": _model(
        "*net", "net = []\n" + "".join(f"if input():\n    net.append(nn.Conv2d({i}, {i}, 3))\n" for i in range(60))
    ),
    "60 unknown conditions of a function": HEADER
    + "def f(*a):\n    net = nn.Sequential()\n"
    + "".join(f"    if a[{i}]:\n        net.append(nn.Conv2d({i}, {i} + 1, 3))\n" for i in range(60))
    + "    return net(torch.rand(1, 3, 9, 9))\n",
    "symbolic products": _model(
        "*[nn.Conv2d(p, p, 3)]", "def g(" + ", ".join(f"a{i}" for i in range(60)) + "):\n    p = "
        + " * ".join(f"(a{i} + {i})" for i in range(60)) + "\n    return nn.Sequential(nn.Conv2d(p, p, 3), nn.Conv2d(p + 1, p, 3))\np = 1\n",
    ),
    "symbolic floors": HEADER + "def g(n, k):\n    x = torch.rand(1, 3, n, n)\n    net = nn.Sequential(*[nn.Conv2d(3, 3, k, stride=2) for _ in range(200)])\n    return net(x)\n",
    "symbolic squares": HEADER + "def g(n):\n    for _ in range(64): n = n * n + n\n    return nn.Sequential(nn.Conv2d(n, n, 3), nn.Linear(n, n))\n",
    "mutual bases": _model("A()", "class A(B): pass\nclass B(A): pass\n"),
    "sorted, zipped, mapped": _model("*sorted(map(nn.ReLU, zip(range(10**10), range(10**10))))"),
    "a regular expression": _model("nn.ReLU()", "import re\nre.match('(a+)+$', 'a' * 50)\nnn.Sequential()\n"),
    "format widths": _model("nn.Conv2d(len(f'{1:>10000000000}' + '%10000000000d' % 1 + 'x'.ljust(10**10)), 3, 1)"),
    "a sum of a range": _model("nn.Conv2d(sum(range(10**11)), len(list(range(10**10))), max(range(10**10)))"),
    "a factorial": _model("nn.Conv2d(math.factorial(10**7), math.comb(10**6, 10**5), 1)", "import math\n"),
    "itertools": _model("*[nn.ReLU() for _ in itertools.product(range(999), repeat=9)]", "import itertools\n"),
    "a cycle": _model("*[nn.ReLU() for _ in itertools.cycle([1])]", "import itertools\n"),
    "imports in a circle": "from main import *\nimport main\n" + _model("nn.ReLU(), main.build()"),
}  # fmt: skip
"""What never ends, or is larger than any machine."""

COSTLY = {
    "300 functions that all call each other": HEADER
    + "".join(
        f"def f{i}(x):\n    return nn.Sequential(f{(i + 1) % 300}(x), f{(i + 7) % 300}(nn.Conv2d(3, 3, 3)))\n"
        for i in range(300)
    ),
    "2,000 classes that count to a milliard": HEADER
    + "".join(
        f"class M{i}(nn.Module):\n    def __init__(self):\n        super().__init__()\n        n = 0\n"
        "        while n < 10**9:\n            n = n + 1\n        self.net = nn.Sequential(nn.Conv2d(3, 3, 3))\n"
        for i in range(2000)
    ),
}
"""Roots that each end at a bound, and are many."""

MANY = {
    "5,000 small functions": HEADER + "".join(f"def f{i}(): return nn.Sequential(nn.Conv2d(3, {i}, 3))\n" for i in range(5000)),
    "10,000 Sequentials": HEADER + "".join(f"s{i} = nn.Sequential(nn.Conv2d(3, {i}, 3))\n" for i in range(10_000)),
    "a name bound 10,000 times": HEADER + "x = nn.ReLU()\n" + "x = nn.Sequential(x, nn.ReLU())\n" * 10_000,
    "4,000 layers": _model(", ".join(f"nn.Conv2d({i + 1}, {i + 2}, 3, padding=1)" for i in range(4000))),
    "1,200 methods": HEADER
    + _class(0).rstrip() + "\n"
    + "".join(f"    def m{i}(self, x): return self.body(x)\n" for i in range(1200))
    + "    def all(self, x):\n"
    + "".join(f"        x = self.m{i}(x)\n" for i in range(1200)),
}  # fmt: skip
"""Much of what is harmless once."""
