"""einops' patterns: einops itself is the judge, of the shapes and of what it refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import einops
import pytest
import torch

from padlint.arithmetic.dims import Expr, Unknown, evaluate, symbol
from padlint.evaluate.library.einops import applied, parsed
from padlint.evaluate.record import Op
from padlint.evaluate.session import run_files
from padlint.evaluate.values import Tensor
from padlint.evaluate.world import World
from padlint.project import Project, find_roots
from tests.evaluate.judge import HEADER, claimed, executed

Case = tuple[str, str, tuple[int, ...], dict[str, int]]

UNDERSTOOD: dict[str, Case] = {
    "transpose": ("rearrange", "b c h w -> b h w c", (2, 3, 4, 5), {}),
    "flatten": ("rearrange", "b c h w -> b (c h w)", (2, 3, 4, 5), {}),
    "patches": ("rearrange", "b c (h p1) (w p2) -> b (h w) (p1 p2 c)", (2, 3, 8, 12), {"p1": 4, "p2": 2}),
    "heads": ("rearrange", "b n (three h d) -> three b h n d", (2, 7, 24), {"three": 3, "h": 4}),
    "back": ("rearrange", "b h n d -> b n (h d)", (2, 4, 7, 3), {}),
    "a length that is there anyway": ("rearrange", "b (h w) d -> b d h w", (2, 12, 5), {"h": 3, "w": 4}),
    "one axis with its length": ("rearrange", "b c -> c b", (2, 3), {"b": 2}),
    "any axes": ("rearrange", "b ... d -> b d ...", (2, 3, 4, 5), {}),
    "any axes, none there": ("rearrange", "b ... d -> d b ...", (2, 3), {}),
    "any axes together": ("rearrange", "b ... d -> b (...) d", (2, 3, 4, 5), {}),
    "any axes at the start": ("rearrange", "... (h d) -> ... h d", (2, 3, 8), {"h": 4}),
    "axes of one": ("rearrange", "b 1 c () -> b c 1", (2, 1, 3, 1), {}),
    "new axes": ("rearrange", "b c -> b 1 c () 1", (2, 3), {}),
    "no spaces": ("rearrange", "b(h w)->(b h)w", (2, 12), {"h": 3}),
    "names of letters, digits and _": ("rearrange", "b1 (n_heads dim) -> n_heads b1 dim", (2, 12), {"dim": 3}),
    "a mean": ("reduce", "b c h w -> b c", (2, 3, 4, 5), {}),
    "a mean that keeps axes": ("reduce", "b c h w -> b c 1 1", (2, 3, 4, 5), {}),
    "a pool": ("reduce", "b c (h h2) (w w2) -> b c h w", (2, 3, 8, 9), {"h2": 2, "w2": 3}),
    "a pool by numbers": ("reduce", "b c (h 2) (w 3) -> b c h w", (2, 3, 8, 9), {}),
    "of everything": ("reduce", "... -> ", (2, 3), {}),
    "of any axes": ("reduce", "b ... -> b", (2, 3, 4), {}),
    "a token for each": ("repeat", "1 n d -> b n d", (1, 3, 4), {"b": 5}),
    "() for each": ("repeat", "() n d -> b n d", (1, 3, 4), {"b": 5}),
    "a new axis of a number": ("repeat", "h w -> h w 3", (4, 5), {}),
    "upsampled": ("repeat", "b c h w -> b c (h 2) (w k)", (2, 3, 4, 5), {"k": 3}),
    "any axes repeated": ("repeat", "... d -> ... r d", (2, 3, 4), {"r": 2}),
}
REFUSED: dict[str, Case] = {
    "a remainder": ("rearrange", "b (h p) -> b h p", (2, 7), {"p": 2}),
    "another length": ("rearrange", "b c -> c b", (2, 3), {"b": 4}),
    "lengths that do not give the size": ("rearrange", "b (h w) -> b h w", (2, 12), {"h": 3, "w": 5}),
    "fewer axes": ("rearrange", "b c h w -> b h w c", (2, 3, 4), {}),
    "more axes": ("rearrange", "b c -> c b", (2, 3, 4), {}),
    "too few for any": ("rearrange", "a b c ... -> c b a ...", (2, 3), {}),
    "an axis is lost": ("rearrange", "b c h -> b c", (2, 3, 4), {}),
    "an axis from nowhere": ("rearrange", "b c -> b c h", (2, 3), {"h": 2}),
    "a name twice": ("rearrange", "b b -> b", (2, 2), {}),
    "a length for no name": ("rearrange", "b c -> c b", (2, 3), {"d": 4}),
    "two unknown in one": ("rearrange", "b (h w) -> b h w", (2, 12), {}),
    "a parenthesis open": ("rearrange", "b (h w -> b h w", (2, 12), {}),
    "nested": ("rearrange", "b ((h w) d) -> b h w d", (2, 12), {"h": 2, "w": 2}),
    "no arrow": ("rearrange", "b c", (2, 3), {}),
    "two arrows": ("rearrange", "b c -> c b -> b c", (2, 3), {}),
    "an axis of one that is none": ("rearrange", "b 1 -> b", (2, 3), {}),
    "a dot": ("rearrange", "b . -> . b", (2, 3), {}),
    "any axes in a group": ("rearrange", "b (... c) -> b c ...", (2, 12), {"c": 3}),
    "reduced to more": ("reduce", "b c -> b c d", (2, 3), {"d": 4}),
    "how often": ("repeat", "b c -> b c d", (2, 3), {}),
    "repeated away": ("repeat", "b c -> b d", (2, 3), {"d": 4}),
}


def really(case: Case) -> tuple[int, ...]:
    operation, pattern, shape, lengths = case
    run: Callable[..., torch.Tensor] = getattr(einops, operation)
    return tuple(run(torch.zeros(shape), pattern, *(["sum"] if operation == "reduce" else []), **lengths).shape)


def said(case: Case) -> tuple[object, ...] | Unknown | None:
    operation, text, shape, lengths = case
    pattern = parsed(text, operation)
    return None if pattern is None else applied(pattern, shape, lengths)


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_gives_the_shape_that_einops_gives(name: str) -> None:
    assert said(UNDERSTOOD[name]) == really(UNDERSTOOD[name])


@pytest.mark.parametrize("name", REFUSED)
def test_says_nothing_of_what_einops_refuses(name: str) -> None:
    with pytest.raises((einops.EinopsError, RuntimeError, ValueError)):
        really(REFUSED[name])
    assert not isinstance(said(REFUSED[name]), tuple)


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_sizes_that_are_not_known_become_those_that_einops_gives(name: str) -> None:
    operation, text, shape, lengths = UNDERSTOOD[name]
    symbols = [symbol(f"s{axis}", minimum=1) for axis in range(len(shape))]
    pattern = parsed(text, operation)
    assert pattern is not None
    output = applied(pattern, tuple(symbols), lengths)
    assert isinstance(output, tuple)
    values = {f"s{axis}": size for axis, size in enumerate(shape)}
    assert tuple(evaluate(size, values) for size in output if isinstance(size, (int, Expr))) == really(UNDERSTOOD[name])


MODEL = """
from einops import rearrange, reduce, repeat
from einops.layers.torch import Rearrange, Reduce

class Attention(nn.Module):
    def __init__(self, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Sequential(nn.Linear(24, 72, bias=False))
        self.out = nn.Sequential(nn.Linear(24, 20), nn.Dropout(0.1))
    def forward(self, x):
        q, k, v = map(lambda t: rearrange(t, "b n (h d) -> b h n d", h=self.heads), self.qkv(x).chunk(3, dim=-1))
        return self.out(rearrange(q, "b h n d -> b n (h d)"))

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.patches = nn.Sequential(
            Rearrange("b c (h p1) (w p2) -> b (h w) (p1 p2 c)", p1=4, p2=8), nn.LayerNorm(96), nn.Linear(96, 24)
        )
        self.token = nn.Parameter(torch.randn(1, 1, 24))
        self.attention = Attention(4)
        self.head = nn.Sequential(Reduce("b n d -> b d", "mean"), nn.Linear(20, 10))
    def forward(self, x):
        x = self.patches(x)
        x = torch.cat((repeat(self.token, "1 1 d -> b 1 d", b=x.shape[0]), x), dim=1)
        return self.head(self.attention(x) + reduce(x, "b n d -> b n 1", "max"))

def build():
    net = Net()
    net(torch.randn(2, 3, 32, 32))
    return net
"""


def test_a_model_is_carried_through(tmp_path: Path) -> None:
    claimed(tmp_path, {"main.py": HEADER + MODEL}, "build")
    main = tmp_path / "main.py"
    ops = next(
        run.record.ops
        for run in run_files(World(Project(find_roots([main]))), [main], lambda _: None)
        if run.root == "build"
    )
    real = _torch_layers(tmp_path)
    assert {name for name, _ in real} == {"Rearrange", "LayerNorm", "Linear", "Dropout", "Reduce"}
    assert _padlint_layers(ops)[: len(real)] == real  # what follows are calls with inputs of any size


def _padlint_layers(ops: list[Op]) -> list[tuple[str, object]]:
    return [
        (op.name, op.output.shape if isinstance(op.output, Tensor) else op.output) for op in ops if op.kind == "layer"
    ]


def _torch_layers(folder: Path) -> list[tuple[str, object]]:
    seen: list[tuple[str, object]] = []

    def note(module: torch.nn.Module, inputs: object, output: object) -> None:
        if not list(module.children()) and isinstance(output, torch.Tensor):
            seen.append((type(module).__name__, tuple(output.shape)))

    hook = torch.nn.modules.module.register_module_forward_hook(note)
    try:
        executed(folder, "build")
    finally:
        hook.remove()
    return seen


def test_a_subclass_and_unknown_lengths_are_not_guessed(tmp_path: Path) -> None:
    source: Mapping[str, str] = {
        "main.py": HEADER
        + "from einops.layers.torch import Rearrange\n"
        + "def build(**sizes):\n    return Rearrange('b (c p) -> b c p', **sizes)\n"
    }
    assert all(isinstance(value, Unknown) for value in claimed(tmp_path, source, "build"))
