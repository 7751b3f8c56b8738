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


@pytest.mark.parametrize("how", [LOOP, APPLIED, HANDED_DOWN], ids=["loop", "applied", "handed down"])
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
