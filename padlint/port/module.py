"""A Keras model as the source of a PyTorch module that computes the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from padlint.errors import UsageError
from padlint.evaluate.keras_rules import through
from padlint.evaluate.values import KerasObject
from padlint.finding import Place
from padlint.layers.base import Shape
from padlint.layers.keras.base import channels_first, text_of
from padlint.port.helpers import HELPERS
from padlint.port.layers import counted, lines
from padlint.port.line import CannotPort, Line, Order, Wanted, in_keras, in_torch, permuted

Where = Callable[[Place], str]


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
    usual = in_keras if _is_first(model) else in_torch
    chain = _Chain(where, model.shape, usual(len(model.shape)))
    ported = list(chain.through(model, "keras_model"))
    back = Wanted(usual(len(chain.shape)), "channels first again")
    ported += [_Ported(line, "") for line in permuted(chain.order, back, chain.shape)]
    body = _model(ported, name, is_function)
    helpers = [text for helper, text in HELPERS.items() if re.search(rf"(?<![\w.]){helper}\(", body)]
    head = "import torch\n" if helpers or weights else ""
    text = f'"""{name}, ported from Keras: takes {_takes(model.shape, usual)}."""\n\n{head}from torch import nn\n\n'
    text += "".join(f"\n{helper}\n" for helper in helpers)
    text += "\n" if helpers or is_function else ""
    return text + body + (_copying(ported) if weights else "")


def _is_first(model: KerasObject) -> bool:
    """Does Keras's model take and give channels first?"""
    return any(
        isinstance(each, KerasObject) and (channels_first(each.args) or _is_first(each)) for each in model.layers
    )


def _takes(shape: Shape, usual: Callable[[int], Order]) -> str:
    return text_of(tuple(shape[axis] for axis in usual(len(shape)))).replace("None", "N", 1)


@dataclass(slots=True)
class _Chain:
    """How far the port has come: the shape there, in Keras's order of axes, and the order in which the port has them."""

    where: Where
    shape: Shape
    order: Order

    def through(self, model: KerasObject, path: str) -> Iterator[_Ported]:
        """The lines of all layers of a model, nested ones too."""
        seen: set[int] = set()
        for index, layer in enumerate(model.layers):
            if not isinstance(layer, KerasObject):
                place = getattr(layer, "place", None)
                at = self.where(place if isinstance(place, Place) else model.place)
                raise UsageError(f"{at}: layer {index} of the model is not one of Keras's own and cannot be ported")
            if id(layer) in seen:
                raise self._problem(layer, "it is used twice")
            seen.add(id(layer))
            if layer.layer is None:
                yield from self.through(layer, f"{path}.layers[{index}]")
            else:
                yield from self._layer(layer, f"{path}.layers[{index}]")

    def _layer(self, layer: KerasObject, path: str) -> Iterator[_Ported]:
        try:
            found, order = lines(layer, self.shape, self.order)
        except CannotPort as problem:
            raise self._problem(layer, str(problem)) from None
        after = through(layer, self.shape)
        assert isinstance(after, tuple)
        self.shape, self.order = after, order
        yield from (_Ported(line, path) for line in found)

    def _problem(self, layer: KerasObject, why: str) -> UsageError:
        return UsageError(f"{self.where(layer.place)}: cannot port {layer.kind} {layer.name!r}: {why}")


def _model(ported: list[_Ported], name: str, is_function: bool) -> str:
    indent = "    " if is_function else ""
    rows: list[str] = []
    for each in ported:
        comment = f"  # {each.line.comment}" if each.line.comment else ""
        rows.append(f"{indent}    {each.line.written},{comment}\n")
    body = f"nn.Sequential(\n{''.join(rows)}{indent})\n" if rows else "nn.Sequential()\n"
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
        for copy in each.line.copies:
            # a separable convolution is two lines: the weights of Keras are taken in turn
            value = f"weights({each.layer})[{start + copy.weight}]{copy.turned}"
            text += f"        model[{index}].{copy.attribute}.copy_({value})\n"
            copied = True
        done[each.layer] = start + counted(each.line)
    return text if copied else text + "        pass  # there are none\n"
