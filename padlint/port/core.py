"""The lines of a port for Dense and Embedding, and for layers that only move elements."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.checks.layer import text
from padlint.layers.keras.base import channels_first
from padlint.port.line import (
    CannotPort,
    Copy,
    Line,
    Order,
    Place,
    Wanted,
    Writer,
    Writers,
    as_in_keras,
    biased,
    in_keras,
    known,
    new,
    whole,
)


def _dense(at: Place) -> Iterator[Line]:
    features, units = whole(at.before[-1], "the number of features"), whole(at.args["units"], "units")
    off = "" if at.args["use_bias"] is True else ", bias=False"
    yield Line(f"Linear({features}, {units}{off})", "", (Copy("weight", 0, ".T"), *biased(at, 1)))


def _flatten(at: Place) -> Iterator[Line]:
    yield Line("Flatten()")


def _channels_last(at: Place) -> Wanted:
    """Keras flattens channels-first maps channels last too, if it is told that they are that."""
    first = channels_first(at.args) and at.rank > 2
    order = (0, *range(2, at.rank), 1) if first else in_keras(at.rank)
    return Wanted(order, "Keras flattens channels last" if order != at.order else "", loose=True)


def _reshape(at: Place) -> Iterator[Line]:
    sizes = known(at.after[1:], "the new shape")
    if at.rank > 2:
        yield Line("Flatten()")
    if len(sizes) > 1:
        yield Line(f"Unflatten(1, {text(sizes)})")


def _in_order(at: Place) -> Wanted:
    return Wanted(in_keras(at.rank), "the order of elements in Keras", loose=True)


def _permuted(at: Place) -> Order:
    """A Permute moves nothing in the port: its axes are called otherwise from here on."""
    dims = at.args["dims"]
    axes = (0, *known(dims if isinstance(dims, tuple) else (dims,), "dims"))
    return tuple(axes.index(each) for each in at.order)


def _repeat(at: Place) -> Iterator[Line]:
    yield Line(f"Repeat({whole(at.args['n'], 'n')})", helper="Repeat")


def _embedding(at: Place) -> Iterator[Line]:
    if at.args["mask_zero"] is not False:
        raise CannotPort("its mask changes what later layers do")
    sizes = whole(at.args["input_dim"], "input_dim"), whole(at.args["output_dim"], "output_dim")
    yield Line(f"Embedding({sizes[0]}, {sizes[1]})", "", (Copy("weight", 0),))


WRITERS: Writers = {
    "Dense": Writer(_dense, as_in_keras),
    "Flatten": Writer(_flatten, _channels_last, new),
    "Reshape": Writer(_reshape, _in_order, new),
    "Permute": Writer(lambda at: iter(()), gives=_permuted),
    "RepeatVector": Writer(_repeat, as_in_keras, new),
    "Embedding": Writer(_embedding, as_in_keras, new),
}
