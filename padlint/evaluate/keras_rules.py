"""What a layer or model of Keras, as the program built it, makes of a shape, and how many weights it has then."""

from __future__ import annotations

from padlint.arithmetic.dims import Unknown
from padlint.evaluate.values import KerasObject, Value
from padlint.layers.base import Refusal, Shape, Slot
from padlint.layers.keras.base import Given, Weights


def through(layer: Value, given: Shape) -> Given:
    """The shape that a layer, or a whole model, gives."""
    if not isinstance(layer, KerasObject):
        return layer if isinstance(layer, Unknown) else Unknown("a layer that is not known")
    if layer.refusal is not None:
        return layer.refusal
    if layer.layer is None:
        return _through_all(layer, given)
    inner = layer.parts.get("layer")
    if inner is not None and layer.kind in ("TimeDistributed", "Bidirectional"):
        return _through_wrapper(layer, inner, given)
    return layer.layer.shape(layer.args, given)


def _through_all(model: KerasObject, given: Shape) -> Given:
    for each in model.layers:
        after = through(each, given)
        if not isinstance(after, tuple):
            return after
        given = after
    return model.open if model.open is not None else given


def _through_wrapper(layer: KerasObject, inner: KerasObject, given: Shape) -> Given:
    if layer.kind == "Bidirectional":
        after = through(inner, given)
        doubled = layer.args.get("merge_mode") == "concat"
        return (*after[:-1], after[-1] * 2) if isinstance(after, tuple) and doubled else after
    if len(given) < 3:
        return Refusal("PAD306", "takes input of at least 3 axes")
    after = through(inner, (given[0], *given[2:]))
    return (given[0], given[1], *after[1:]) if isinstance(after, tuple) else after


def slots(layer: Value, given: Shape) -> Weights:
    """The weights of a layer or model built on this shape, with what may learn."""
    if not isinstance(layer, KerasObject):
        return Unknown("a layer that is not known")
    if layer.refusal is not None:
        return Unknown(layer.refusal.message)
    found = _slots(layer, given)
    frozen = layer.attrs.get("trainable", layer.args.get("trainable", True))
    if isinstance(found, Unknown) or frozen is True:
        return found
    if frozen is not False:
        return Unknown("trainable that is not known")
    return tuple(Slot(each.name, each.shape, trainable=False) for each in found)


def _slots(layer: KerasObject, given: Shape) -> Weights:
    if layer.layer is None:
        return _of_model(layer, given)
    inner = layer.parts.get("layer")
    if inner is not None and layer.kind == "TimeDistributed":
        return slots(inner, (given[0], *given[2:]))
    if inner is not None and layer.kind == "Bidirectional":
        found = slots(inner, given)
        return found if isinstance(found, Unknown) else found * 2
    own = layer.layer.weights(layer.args, given)
    activation = layer.parts.get("activation")  # an activation layer may have weights of its own
    after = through(layer, given) if activation is not None else None
    more = slots(activation, after) if isinstance(after, tuple) else ()
    if isinstance(own, Unknown) or isinstance(more, Unknown):
        return own if isinstance(own, Unknown) else more
    return (*own, *more)


def _of_model(model: KerasObject, given: Shape) -> Weights:
    all_slots: list[Slot] = []
    seen: set[int] = set()
    for each in model.layers:
        found = slots(each, given) if id(each) not in seen else ()
        seen.add(id(each))
        after = through(each, given)
        if isinstance(found, Unknown) or not isinstance(after, tuple):
            return found if isinstance(found, Unknown) else Unknown("a shape that is not known")
        all_slots.extend(found)
        given = after
    return model.open if model.open is not None else tuple(all_slots)


def counted(weights: Weights) -> tuple[int, int] | None:
    """All numbers in some weights and those that learn; None where a size is not known."""
    if isinstance(weights, Unknown):
        return None
    total = trainable = 0
    for slot in weights:
        count = 1
        for size in slot.shape:
            if not isinstance(size, int):
                return None
            count *= size
        total += count
        trainable += count if slot.trainable else 0
    return total, trainable
