"""torch as judge: a program is run, and every call of a layer without children is written down.

Packages that only bring a tensor to a model are replaced by what their documentation says that they do.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn.modules.module import register_module_forward_hook
from torch.utils.data import Dataset

from padlint.config import Settings
from padlint.run import shapes
from padlint.session import Session
from padlint.trace import BuiltLayer, BuiltSequential

Call = tuple[str, tuple[int, ...], tuple[int, ...]]


def observed(text: str) -> list[Call]:
    """(class, shape in, shape out) of every layer of a program, at its first call."""
    calls: dict[nn.Module, Call] = {}  # by identity; this also keeps the modules

    def note(module: nn.Module, inputs: tuple[Any, ...], output: Any) -> None:
        if not any(module.children()) and isinstance(output, torch.Tensor) and inputs:
            calls.setdefault(module, (type(module).__name__, tuple(inputs[0].shape), tuple(output.shape)))

    handle = register_module_forward_hook(note)
    program = types.ModuleType("__main__")
    try:
        with packages():
            exec(compile(text, "program.py", "exec"), program.__dict__)
    finally:
        handle.remove()
    return list(calls.values())


def built(folder: Path, text: str) -> list[BuiltSequential]:
    """What padlint says of the same program."""
    path = folder / "program.py"
    path.write_text(text, encoding="utf-8")
    found = shapes(Session([str(path)], Settings(str(folder))))
    assert not found.problems
    return list(found.built)


def predicted(sequentials: list[BuiltSequential], batch: int) -> list[Call]:
    """The calls that padlint predicts, for a size of `N`."""

    def sizes(shape: tuple[int | str | None, ...] | None) -> tuple[int, ...]:
        assert shape is not None
        return tuple(size if isinstance(size, int) else eval(str(size), {}, {"N": batch}) for size in shape)

    def leaves(layers: tuple[BuiltLayer, ...]) -> Iterator[Call]:
        for layer in layers:
            if layer.layers:
                yield from leaves(layer.layers)
            else:
                yield str(layer.type).rpartition(".")[2], sizes(layer.in_shape), sizes(layer.out_shape)

    return [call for sequential in sequentials for call in leaves(sequential.layers)]


# ---------------------------------------------------------------- packages


class _Images(Dataset[tuple[torch.Tensor, int]]):
    """28 x 28 images of one channel, as tensors."""

    def __init__(self, root: str, train: bool = True, transform: object = None, download: bool = False) -> None:
        self.transform = transform

    def __len__(self) -> int:
        return 12

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        return torch.rand(1, 28, 28), 0


def _summary(model: nn.Module, input_size: Any = None, input_data: Any = None, batch_dim: int | None = None) -> None:
    """torchinfo: tensors of exactly these sizes; a batch_dim is one more axis of 1."""
    if isinstance(input_data, dict):
        model(**input_data)
    elif input_data is not None:
        model(*input_data) if isinstance(input_data, (tuple, list)) else model(input_data)
    else:
        sizes = [input_size] if isinstance(input_size[0], int) else input_size
        made = [torch.rand(*size) for size in sizes]
        model(*(one if batch_dim is None else one.unsqueeze(batch_dim) for one in made))


def _sample_summary(model: nn.Module, input_size: Any, batch_size: int = -1, device: str = "cuda") -> None:
    """torchsummary: a batch of two samples of this size."""
    model(torch.rand(2, *input_size))


def _complexity(model: nn.Module, input_res: Any, **options: Any) -> tuple[float, float]:
    """ptflops: a batch of one."""
    model(torch.ones(1, *input_res))
    return 0.0, 0.0


def _profile(model: nn.Module, inputs: Any) -> tuple[float, float]:
    """thop: the model is called with these."""
    model(*inputs)
    return 0.0, 0.0


def _flops(model: nn.Module, inputs: Any) -> None:
    """fvcore: a tensor, or a tuple of them."""
    model(*inputs) if isinstance(inputs, tuple) else model(inputs)


class _Subscripted:
    """An annotation of jaxtyping."""

    def __class_getitem__(cls, item: object) -> object:
        return cls


class _Lightning(nn.Module):
    """What a trainer does with an example: it calls the model with it."""

    example_input_array: Any = None

    def run_example(self) -> None:
        example = self.example_input_array
        self(**example) if isinstance(example, dict) else self(*example) if isinstance(example, tuple) else self(
            example
        )


class _Any:
    def __init__(self, *args: object, **options: object) -> None: ...


_MODULES: dict[str, dict[str, object]] = {
    "torchvision": {},
    "torchvision.datasets": {"MNIST": _Images},
    "torchvision.transforms": {"ToTensor": _Any, "Compose": _Any, "Normalize": _Any},
    "torchinfo": {"summary": _summary},
    "torchsummary": {"summary": _sample_summary},
    "ptflops": {"get_model_complexity_info": _complexity},
    "thop": {"profile": _profile},
    "fvcore": {},
    "fvcore.nn": {"FlopCountAnalysis": _flops},
    "tqdm": {"tqdm": lambda loop, **options: loop},
    "jaxtyping": {"Float": _Subscripted},
    "lightning": {"LightningModule": _Lightning},
    "pytorch_lightning": {"LightningModule": _Lightning},
}


@contextmanager
def packages() -> Iterator[None]:
    kept = {name: sys.modules.get(name) for name in _MODULES}
    for name, members in _MODULES.items():
        module = types.ModuleType(name)
        module.__dict__.update(members)
        sys.modules[name] = module
        parent, _, last = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], last, module)
    try:
        yield
    finally:
        for name, old in kept.items():
            if old is None:
                del sys.modules[name]
            else:
                sys.modules[name] = old
