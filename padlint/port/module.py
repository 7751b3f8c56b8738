"""A Keras model as the source of a PyTorch module that computes the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from padlint.errors import UsageError
from padlint.evaluate.keras_rules import through
from padlint.evaluate.values import KerasObject
from padlint.finding import Place
from padlint.layers.base import Shape
from padlint.layers.keras.base import channels_first, text_of
from padlint.port.layers import lines
from padlint.port.line import CannotPort, Line

Where = Callable[[Place], str]

_PERMUTE = '''class Permute(nn.Module):
    """The axes of a tensor in another order."""

    def __init__(self, *dims: int) -> None:
        super().__init__()
        self.dims = dims

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.permute(self.dims)


'''


@dataclass(frozen=True, slots=True)
class _Ported:
    """A line with the layer of Keras that it comes from: the expression that finds it."""

    line: Line
    layer: str


def source(model: KerasObject, name: str, is_function: bool, weights: bool, where: Where) -> str:
    """The text of a module. Raises UsageError, naming layer and line, for what cannot be ported."""
    if model.open is not None:
        raise UsageError(f"{where(model.place)}: {model.open.reason}")
    if model.shape is None:
        raise UsageError(f"{where(model.place)}: the model has no input shape: give it an Input")
    first = any(isinstance(each, KerasObject) and channels_first(each.args) for each in model.layers)
    ported = list(_ported(model, model.shape, "keras_model", first, where))
    permutes = any(each.line.own for each in ported)
    head = "import torch\n" if permutes or weights else ""
    text = f'"""{name}, ported from Keras: takes {_takes(model.shape, first)}."""\n\n{head}from torch import nn\n\n'
    if permutes or is_function:
        text += "\n"
    text += _PERMUTE if permutes else ""
    text += _model(ported, name, is_function)
    return text + (_copying(ported) if weights else "")


def _takes(shape: Shape, first: bool) -> str:
    order = shape if first or len(shape) < 3 else (shape[0], shape[-1], *shape[1:-1])
    return text_of(order).replace("None", "N", 1)


def _ported(model: KerasObject, shape: Shape, path: str, first: bool, where: Where) -> Iterator[_Ported]:
    for index, layer in enumerate(model.layers):
        if not isinstance(layer, KerasObject):
            place = getattr(layer, "place", None)
            at = where(place if isinstance(place, Place) else model.place)
            raise UsageError(f"{at}: layer {index} of the model is not one of Keras's own and cannot be ported")
        after = through(layer, shape)
        own = f"{path}.layers[{index}]"
        if layer.layer is None:
            yield from _ported(layer, shape, own, first, where)
        else:
            try:
                yield from (_Ported(line, own) for line in lines(layer, shape, after, first))
            except CannotPort as problem:
                raise UsageError(f"{where(layer.place)}: cannot port {layer.kind} {layer.name!r}: {problem}") from None
        if not isinstance(after, tuple):
            raise UsageError(f"{where(layer.place)}: cannot port {layer.kind} {layer.name!r}")
        shape = after


def _model(ported: list[_Ported], name: str, is_function: bool) -> str:
    indent = "    " if is_function else ""
    rows: list[str] = []
    for each in ported:
        call = each.line.call if each.line.own else f"nn.{each.line.call}"
        comment = f"  # {each.line.comment}" if each.line.comment else ""
        rows.append(f"{indent}    {call},{comment}\n")
    body = f"nn.Sequential(\n{''.join(rows)}{indent})\n"
    return f"def {name}() -> nn.Sequential:\n    return {body}" if is_function else f"{name} = {body}"


def _copying(ported: list[_Ported]) -> str:
    """The function that copies the weights of the Keras model."""
    text = (
        "\n\ndef copy_weights(keras_model, model: nn.Sequential) -> None:\n"
        '    """Give the port the weights of the Keras model."""\n\n'
        "    def weights(layer) -> list[torch.Tensor]:\n"
        "        return [torch.tensor(weight) for weight in layer.get_weights()]\n\n"
        "    with torch.no_grad():\n"
    )
    done: dict[str, int] = {}
    copied = False
    for index, each in enumerate(ported):
        start = done.get(each.layer, 0)
        for offset, (attribute, turned) in enumerate(each.line.copies):
            # a separable convolution is two lines: the weights of Keras are taken in turn
            value = f"weights({each.layer})[{start + offset}]{turned}"
            text += f"        model[{index}].{attribute}.copy_({value})\n"
            copied = True
        done[each.layer] = start + len(each.line.copies)
    return text if copied else text + "        pass  # there are none\n"
