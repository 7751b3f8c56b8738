"""What puts values in order, or takes the first of them."""

from __future__ import annotations

from padlint.arithmetic.dims import Expr, Unknown, maximum, minimum
from padlint.evaluate.library.basics import exact
from padlint.evaluate.machine import Machine
from padlint.evaluate.protocols import members
from padlint.evaluate.registry import Table
from padlint.evaluate.values import Call, Value
from padlint.evaluate.weight import weight

FUNCTIONS = Table()
knows = FUNCTIONS.knows


@knows("builtins.sorted")
def sorted_(machine: Machine, call: Call) -> Value:
    items = exact(members(machine, call.get(0, "iterable", ()), call.place), call)
    order = items if isinstance(items, Unknown) else in_order(machine, items, call)
    return order if isinstance(order, Unknown) else machine.list(order)


def in_order(machine: Machine, items: list[Value], call: Call) -> list[Value] | Unknown:
    """The items as `sorted()` puts them, with the keywords of a call."""
    key, reverse = call.keywords.get("key"), machine.known_truth(call.keywords.get("reverse", False))
    keys = items if key is None else [machine.call(key, item, place=call.place) for item in items]
    machine.look(sum(weight(each) + 1 for each in keys) * len(keys).bit_length())
    if reverse is None or not all(map(_has_order, keys)):
        return Unknown("a list of values without order that is known", call.place)
    try:
        places = sorted(range(len(keys)), key=lambda at: keys[at], reverse=reverse)  # type: ignore[arg-type, return-value]
    except TypeError:
        return Unknown("a list of values without order", call.place)
    return [items[at] for at in places]


def _has_order(value: Value) -> bool:
    return isinstance(value, (bool, int, float, str)) or (isinstance(value, tuple) and all(map(_has_order, value)))


@knows("builtins.min")
def min_(machine: Machine, call: Call) -> Value:
    return _extreme(machine, call, "min")


@knows("builtins.max")
def max_(machine: Machine, call: Call) -> Value:
    return _extreme(machine, call, "max")


def _extreme(machine: Machine, call: Call, name: str) -> Value:
    items = exact(members(machine, call.arg(0), call.place) if len(call.args) == 1 else list(call.args), call)
    if isinstance(items, Unknown):
        return items
    if not items:
        return call.keywords.get("default", Unknown(f"{name}() of nothing", call.place))
    if "key" in call.keywords:  # the first of equals, as `sorted` leaves them in their order
        keywords = {"key": call.keywords["key"], "reverse": name == "max"}
        order = in_order(machine, items, Call((), keywords, call.place))
        return order if isinstance(order, Unknown) else order[0]
    if all(isinstance(item, (int, float)) for item in items):
        return (min if name == "min" else max)(items)  # type: ignore[type-var]
    if all(isinstance(item, (int, Expr, Unknown)) for item in items):
        return (minimum if name == "min" else maximum)(*items)  # type: ignore[arg-type]
    return Unknown(f"{name}() of these values", call.place)
