"""Recurrent layers with their states: what torch gives, or that it raises."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from padlint.arithmetic.dims import Unknown
from padlint.evaluate.session import run_files
from padlint.evaluate.values import Tensor, Value
from padlint.evaluate.world import World
from padlint.project import Project, find_roots

Shapes = object
"""A tuple of sizes for a tensor, a list of these for a tuple, None for what is not known or raises."""

BUILT = {
    "LSTM": "nn.LSTM(4, 5, num_layers=2, batch_first=True)",
    "LSTM both ways": "nn.LSTM(4, 5, bidirectional=True)",
    "LSTM projected": "nn.LSTM(4, 5, proj_size=3)",
    "GRU": "nn.GRU(4, 5, 2)",
    "RNN": "nn.RNN(4, 5, batch_first=True)",
    "LSTMCell": "nn.LSTMCell(4, 5)",
    "GRUCell": "nn.GRUCell(4, 5)",
    "RNNCell": "nn.RNNCell(4, 5)",
}
STATES = {
    "its own": "layer(x, layer(x){own})",
    "its own by name": "layer(x, hx=layer(x){own})",
    "none": "layer(x, None)",
    "none by name": "layer(x, hx=None)",
    "zeros": "layer(x, {zeros})",
    "another batch": "layer(x, {other})",
    "another size": "layer(x, {wide})",
    "half a pair": "layer(x, ({zero},))",
    "one tensor": "layer(x, {zero})",
    "three": "layer(x, ({zero}, {zero}, {zero}))",
}


def program(name: str, state: str) -> str:
    """A function that calls a layer on a batch of 3 with a state."""
    cell, pair = "Cell" in name, name.startswith("LSTM")
    layers = {"LSTM": 2, "LSTM both ways": 2, "GRU": 2}.get(name, 1)
    batch = "" if cell else f"{layers}, "

    def zeros(batches: int, size: int) -> str:
        return f"torch.zeros({batch}{batches}, {size})"

    hidden = 3 if "projected" in name else 5
    made = {}
    for word, (batches, size, inner) in {"zeros": (3, hidden, 5), "other": (2, hidden, 5), "wide": (3, 9, 9)}.items():
        made[word] = f"({zeros(batches, size)}, {zeros(batches, inner)})" if pair else zeros(batches, size)
    x = (
        "torch.zeros(3, 4)"
        if cell
        else "torch.zeros(3, 6, 4)"
        if "batch_first" in BUILT[name]
        else "torch.zeros(6, 3, 4)"
    )
    own = "" if cell else "[1]"
    call = STATES[state].format(own=own, zero=zeros(3, hidden), **made)
    return (
        f"import torch\nfrom torch import nn\ndef root():\n    layer = {BUILT[name]}\n    x = {x}\n    return {call}\n"
    )


def by_torch(text: str) -> Shapes:
    names: dict[str, object] = {}
    exec(text, names)
    try:
        return shapes_of(names["root"]())  # type: ignore[operator]
    except (RuntimeError, TypeError, AttributeError, IndexError, ValueError):
        return "raises"


def shapes_of(value: object) -> Shapes:
    return tuple(value.shape) if isinstance(value, torch.Tensor) else [shapes_of(each) for each in value]  # type: ignore[attr-defined]


def by_padlint(folder: Path, text: str) -> Shapes:
    main = folder / "main.py"
    main.write_text(text)
    (run,) = [
        run for run in run_files(World(Project(find_roots([main]))), [main], lambda place: None) if run.root == "root"
    ]
    return "raises" if any(op.refusal is not None for op in run.record.ops) else claimed(run.result)


def claimed(value: Value) -> Shapes:
    if isinstance(value, Tensor):
        return value.shape
    return None if isinstance(value, Unknown) or not isinstance(value, tuple) else [claimed(each) for each in value]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", BUILT)
def test_a_layer_with_its_state_gives_what_torch_gives(tmp_path: Path, name: str, state: str) -> None:
    text = program(name, state)
    real, said = by_torch(text), by_padlint(tmp_path, text)
    if state in ("its own", "its own by name", "none", "none by name", "zeros", "another batch", "another size"):
        assert said == real, text
    else:
        assert said in (real, None), text


def test_a_state_that_is_not_known_changes_no_shape(tmp_path: Path) -> None:
    for hidden in ("hidden", "(hidden, hidden)"):
        text = "from states import hidden\n" + program("LSTM", "none").replace("None", hidden)
        assert by_padlint(tmp_path, text) == [(3, 6, 5), [(2, 3, 5), (2, 3, 5)]]
