"""Texts that programs read with regular expressions, and other ways in which they ask what is there."""

from __future__ import annotations


def numbers(expression: str, before: str = "pass") -> str:
    return f"import re, os\ndef build():\n    {before}\n    return nn.Sequential(*[nn.Linear(1, int(n)) for n in {expression}])"


FORMS: dict[str, str] = {
    "split of block strings": numbers(
        "[o[k] for k in ('r', 'k', 's', 'e', 'c')]",
        r"""o = {}
    for op in 'ir_r2_k3_s2_e6_c24_se0.25'.split('_')[1:]:
        parts = re.split(r'(\d.*)', op)
        if len(parts) >= 2:
            o[parts[0]] = parts[1]""",
    ),
    "match and groups": numbers(
        "[m.group(1), m['b'], *m.groups(), m.end(), m.start(2)]", r"m = re.match(r'stage(\d+)_(?P<b>\d+)', 'stage3_12')"
    ),
    "no match": numbers("[1 if re.fullmatch('a+', 'aab') is None else 2, 3 if re.search('b', 'aab') else 4]"),
    "compiled": numbers("p.findall('a1b22c333')", r"p = re.compile(r'\d+')"),
    "sub with groups": numbers(r"re.sub(r'(\d)x(\d)', r'\2,\1', '3x5').split(',')"),
    "sub by a function": numbers("re.sub('[0-9]', lambda m: str(int(m.group()) + 1) + ' ', '123').split()"),
    "sub a few": numbers("re.sub('a', '7', 'aaa', count=2).replace('a', ' 1').split()"),
    "flags": numbers("[len(re.findall('a', 'aAbA', re.IGNORECASE)), len(re.split('B', 'abab', flags=re.I))]"),
    "finditer and dict": numbers("[m.groupdict()['n'] for m in re.finditer(r'k(?P<n>\\d)', 'k1 k2')]"),
    "names of a module of torch": """
HAS = "silu" in dir(torch.nn.functional) and hasattr(nn.functional, "gelu")
def build(): return nn.Sequential(nn.SiLU() if HAS else nn.ReLU())
""",
    "environment that nobody set": """
import os
if "SOME_VARIABLE_NOBODY_SETS" in os.environ:
    WIDTH = 3
else:
    WIDTH = 5
def build(): return nn.Sequential(nn.Linear(1, WIDTH))
""",
    "keyword that a layer has not": """
def act(layer):
    try:
        return layer(inplace=True)
    except TypeError:
        return layer()
def build(): return nn.Sequential(act(nn.ReLU), act(nn.GELU))
""",
    "keyword that a function has not": """
def make(c): return nn.Linear(1, c)
def build():
    try:
        return make(3, bias=False)
    except TypeError:
        return nn.Sequential(make(4))
""",
    "slice assigned": """
def build():
    x = [1, 2]
    x[-1:-1] = [x[-1] for _ in range(2)]
    x[:1] = (5, 6)
    return nn.Sequential(*[nn.Linear(1, n) for n in x])
""",
    "locals by name": """
from collections.abc import Sequence
def make(a=3, b=(4, 5)):
    for name in ["a", "b"]:
        value = locals()[name]
        if isinstance(value, Sequence):
            assert len(value) == 2
    return nn.Sequential(nn.Linear(a, b[1]))
def build(): return make()
""",
    "private base classes of torch": """
def build():
    layers = [nn.BatchNorm2d(3), nn.Conv2d(3, 4, 1), nn.ReLU()]
    kinds = (torch.nn.modules.batchnorm._BatchNorm, nn.modules.conv._ConvNd)
    return nn.Sequential(*[layer for layer in layers if isinstance(layer, kinds)])
""",
}
