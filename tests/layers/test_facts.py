"""Facts of torch, most of them found by disagreement, one example each; torch stays the judge."""

from __future__ import annotations

import pytest

from padlint.layers import catalogue
from padlint.layers.base import Refusal, Value

from .judge import Case, assert_agreement

INFINITE = float("inf")

FACTS: dict[str, tuple[str, tuple[Value, ...], tuple[tuple[int, ...], ...]]] = {
    "one padding for all axes": ("Conv2d", (3, 8, 3, 1, (1,)), ((1, 3, 9, 9),)),
    "one kernel for all axes is refused": ("Conv2d", (3, 8, (3,)), ((1, 3, 9, 9),)),
    "three paddings for two axes": ("Conv2d", (3, 8, 3, 1, (1, 1, 1)), ((1, 3, 9, 9),)),
    "same with a stride": ("Conv2d", (3, 8, 3, 2, "same"), ((1, 3, 9, 9),)),
    "same in capitals": ("Conv2d", (3, 8, 3, 1, "SAME"), ((1, 3, 9, 9),)),
    "same with an even kernel": ("Conv2d", (3, 8, 4, 1, "same"), ((1, 3, 9, 9),)),
    "reflect needs padding below the size": ("Conv2d", (1, 1, 3, 1, 2, 1, 1, True, "reflect"), ((1, 1, 2, 9),)),
    "circular takes padding up to the size": ("Conv2d", (1, 1, 3, 1, 2, 1, 1, True, "circular"), ((1, 1, 2, 9),)),
    "reflect crops with negative padding": ("Conv2d", (1, 1, 3, 1, -1, 1, 1, True, "reflect"), ((1, 1, 5, 9),)),
    "zeros do not": ("Conv2d", (1, 1, 3, 1, -1), ((1, 1, 5, 9),)),
    "one reflect padding is one axis": ("Conv2d", (3, 8, 3, 1, (1,), 1, 1, True, "reflect"), ((3, 4, 9),)),
    "one reflect padding refuses a batch": ("Conv2d", (3, 8, 3, 1, (1,), 1, 1, True, "reflect"), ((1, 3, 4, 9),)),
    "un-batched": ("Conv2d", (3, 8, 3), ((3, 9, 9),)),
    "indivisible groups": ("Conv2d", (3, 8, 3, 1, 0, 1, 2), ((1, 3, 9, 9),)),
    "output_padding below dilation": ("ConvTranspose2d", (1, 1, 3, 1, 0, 1, 1, True, 2), ((1, 1, 9, 9),)),
    "output_padding of stride": ("ConvTranspose2d", (1, 1, 3, 2, 0, 2), ((1, 1, 9, 9),)),
    "text on a transposed convolution": ("ConvTranspose2d", (1, 1, 3, 1, "same"), ((1, 1, 9, 9),)),
    "pool padding over half": ("MaxPool2d", (3, 1, 2, 2), ((1, 1, 9, 9),)),
    "area leaves nothing": ("Upsample", (None, 0.5, "area"), ((1, 2, 1),)),
    "an empty stride is no stride": ("AvgPool2d", (3, ()), ((1, 1, 9, 9),)),
    "ceil_mode takes a smaller input": ("MaxPool2d", (3, 3, 0, 1, False, True), ((1, 1, 2, 2),)),
    "ceil_mode at stride 1 does not": ("MaxPool2d", (3, 1, 0, 1, False, True), ((1, 1, 2, 2),)),
    "avg_pool3d never does": ("AvgPool3d", (3, 3, 0, True), ((1, 1, 2, 2, 2),)),
    "ceil_mode drops a window in the padding": ("AvgPool2d", (2, 3, 1, True), ((1, 1, 2, 9),)),
    "LPPool refuses a tuple of one": ("LPPool2d", (2, (3,)), ((1, 1, 9, 9),)),
    "LPPool1d refuses every tuple": ("LPPool1d", (2, (3,)), ((1, 1, 9),)),
    "but for an infinite norm": ("LPPool1d", (INFINITE, (3,)), ((1, 1, 9),)),
    "an infinite norm is a max pool": ("LPPool3d", (INFINITE, 3, None, True), ((1, 1, 2, 2, 2),)),
    "the mean takes any rank": ("AdaptiveAvgPool2d", (1,), ((7, 7),)),
    "but not for a tuple": ("AdaptiveAvgPool2d", ((1, 1),), ((7, 7),)),
    "a tuple wants one axis more": ("AdaptiveAvgPool3d", ((1, 1, 1),), ((2, 7, 7, 7),)),
    "another average does not": ("AdaptiveAvgPool2d", (2,), ((7, 7),)),
    "None keeps an axis": ("AdaptiveMaxPool2d", ((None, 5),), ((2, 3, 8, 9),)),
    "None keeps none of one": ("AdaptiveMaxPool1d", ((None,),), ((2, 3, 8),)),
    "fractional pools differ by one": ("FractionalMaxPool3d", (3, None, 0.5), ((2, 2, 4, 4, 4),)),
    "in two and three axes": ("FractionalMaxPool2d", (3, None, 0.5), ((2, 2, 4, 4),)),
    "zeros crop before they pad": ("ZeroPad1d", ((1, -4),), ((2, 2, 3),)),
    "replication crops after": ("ReplicationPad3d", ((-1, 1, -1, 1, 2, -4),), ((2, 2, 3, 1, 1),)),
    "zero padding of channels": ("ZeroPad2d", ((1, 1, 1, 1, 1, 1),), ((2, 3, 8, 9),)),
    "zero padding of one axis": ("ZeroPad2d", ((1, 1),), ((2, 3, 8, 9),)),
    "constant padding takes any rank": ("ZeroPad1d", (1,), ((8,),)),
    "BatchNorm1d takes (N, C)": ("BatchNorm1d", (3,), ((2, 3),)),
    "one value per channel, in training only": ("BatchNorm2d", (3,), ((1, 3, 1, 1),)),
    "one value per channel, without statistics": ("BatchNorm2d", (3, 1e-5, 0.1, True, False), ((1, 3, 1, 1),)),
    "InstanceNorm without weights checks nothing": ("InstanceNorm2d", (5,), ((2, 3, 4, 4),)),
    "InstanceNorm with weights does": ("InstanceNorm2d", (5, 1e-5, 0.1, True), ((2, 3, 4, 4),)),
    "InstanceNorm of one pixel": ("InstanceNorm2d", (3,), ((2, 3, 1, 1),)),
    "GroupNorm without weights takes other channels": ("GroupNorm", (2, 4, 1e-5, False), ((1, 6, 3, 3),)),
    "PReLU has one channel for a vector": ("PReLU", (3,), ((3,),)),
    "Softmax2d takes 3 or 4 axes": ("Softmax2d", (), ((3, 3),)),
    "Flatten of an un-batched map": ("Flatten", (), ((3, 4, 5),)),
    "Flatten of a vector": ("Flatten", (), ((3,),)),
    "Flatten of a scalar": ("Flatten", (0,), ((),)),
    "Unflatten with a size left open": ("Unflatten", (1, (2, -1)), ((2, 8),)),
    "Upsample takes no scale of zero": ("Upsample", (None, 0), ((1, 3, 4, 4),)),
    "a scale is rounded down": ("Upsample", (None, 2.3), ((1, 3, 4, 5),)),
    "proj_size is the hidden size of the output": ("LSTM", (3, 4, 2, True, False, 0.0, True, 2), ((5, 1, 3),)),
    "proj_size is below the hidden size": ("LSTM", (3, 4, 1, True, False, 0.0, False, 4), ((5, 1, 3),)),
    "an un-batched sequence": ("GRU", (3, 4), ((5, 3),)),
    "attention over an extra key": ("MultiheadAttention", (4, 2, 0.0, True, True, True), ((2, 4), (3, 4), (3, 4))),
    "a bag without offsets": ("EmbeddingBag", (3, 4), ((2,),)),
}


@pytest.mark.parametrize(("name", "positional", "shapes"), FACTS.values(), ids=FACTS)
def test_facts(name: str, positional: tuple[Value, ...], shapes: tuple[tuple[int, ...], ...]) -> None:
    layer = catalogue.find(name)
    assert layer is not None
    arguments = catalogue.bind(layer, positional, {})
    assert not isinstance(arguments, Refusal)
    plain = {
        parameter.name: arguments[parameter.name]
        for parameter in layer.signature
        if parameter.name not in ("args", "kwargs")
    }
    assert_agreement(Case(name, plain, shapes))
