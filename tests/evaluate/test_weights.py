"""Filling weights is no work: models of any size are built whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from padlint.evaluate.machine import STEPS
from padlint.evaluate.session import run_files
from padlint.evaluate.world import World
from padlint.project import Project, find_roots
from tests.evaluate.judge import HEADER

LAYERS = 1_000
LINES = STEPS // LAYERS
"""A line for each layer is more than may be evaluated."""

LOOP = f"""
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                {"; ".join(["nn.init.zeros_(m.bias)"] * LINES)}
"""
APPLIED = """
        self.apply(self.fill)
    def fill(self, m):
        if isinstance(m, nn.Conv2d):
            {lines}
"""
HANDED_DOWN = """
        each(partial(fill, std=0.02), self)
from functools import partial
def each(fn, module):
    for child in module.children():
        each(fn=fn, module=child)
    fn(module)
def fill(m, std):
    if hasattr(m, "fill"):
        try:
            m.fill(std=std)
        except TypeError:
            m.fill()
    elif isinstance(m, nn.Conv2d):
        {lines}
"""

LOCAL = """
        for name, m in walk(self):
            choose(m, name)
def walk(module, name=""):
    for own, child in module.named_children():
        yield from walk(child, own)
    yield name, module
def made(then, count):
    def inner(w):
        for i in range(count):
            then(w[i])
    return inner
def choose(m, name, f=None):
    f = f or fill
    f(m, name)
def fill(m, name):
    if isinstance(m, nn.Conv2d):
        fan = m.kernel_size[0] * m.out_channels
        fan //= m.groups
        g = made(lambda w: nn.init.normal_(w, 0, 2.0 / fan), 3)
        g(m.weight)
        {lines}
"""


@pytest.mark.parametrize("how", [LOOP, APPLIED, HANDED_DOWN, LOCAL], ids=["loop", "applied", "handed down", "local"])
def test_filling_weights_takes_no_steps(how: str, tmp_path: Path) -> None:
    body = how.replace("{lines}", "; ".join(["m.bias.data.zero_()"] * LINES))
    (tmp_path / "main.py").write_text(f"""{HEADER}
class Net(nn.Module):
    def fill(self):
        nn.init.zeros_(self.net[0].bias)
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(*[nn.Conv2d(3, 3, 1) for _ in range({LAYERS})]){body}""")
    runs = list(
        run_files(World(Project(find_roots([tmp_path / "main.py"]))), [tmp_path / "main.py"], lambda place: None)
    )
    nets = [run for run in runs if run.root == "Net"]
    assert [(run.record.given_up, len(run.record.built) > LAYERS) for run in nets] == [(None, True)]
