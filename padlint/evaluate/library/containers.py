"""The methods of lists, dicts, sets, strings and tuples."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from padlint.arithmetic.dims import Expr, Unknown
from padlint.evaluate.library.basics import dict_, exact
from padlint.evaluate.library.ordering import in_order
from padlint.evaluate.machine import Machine, Raised
from padlint.evaluate.operators import equals
from padlint.evaluate.protocols import iterate, members, own_key, subscript, unsettle, unsettled
from padlint.evaluate.registry import Table
from padlint.evaluate.statements import extend_list
from padlint.evaluate.values import Call, DictValue, ListValue, Many, MissingArgument, SetValue, Value, ViewValue
from padlint.evaluate.weight import LOOK, words

LIST, DICT, SET, TEXT, TUPLE = Table(), Table(), Table(), Table(), Table()
METHODS = {ListValue: LIST, DictValue: DICT, SetValue: SET, str: TEXT, tuple: TUPLE}


def own_list(call: Call) -> ListValue:
    found = call.arg(0)
    if not isinstance(found, ListValue):
        raise MissingArgument
    return found


def changed_list(machine: Machine, call: Call) -> ListValue:
    machine.touch(call.arg(0))
    return own_list(call)


def own_dict(call: Call) -> DictValue:
    found = call.arg(0)
    if not isinstance(found, DictValue):
        raise MissingArgument
    return found


def changed_dict(machine: Machine, call: Call) -> DictValue:
    machine.touch(call.arg(0))
    return own_dict(call)


def own_set(call: Call) -> SetValue:
    found = call.arg(0)
    if not isinstance(found, SetValue):
        raise MissingArgument
    return found


def changed_set(machine: Machine, call: Call) -> SetValue:
    machine.touch(call.arg(0))
    return own_set(call)


# ---------------------------------------------------------------- lists


@LIST.knows("append")
def append(machine: Machine, call: Call) -> Value:
    extend_list(machine, own_list(call), [call.get(1, "object")])
    return None


@LIST.knows("extend")
def extend(machine: Machine, call: Call) -> Value:
    items = iterate(machine, call.get(1, "iterable", ()), call.place)
    extend_list(machine, own_list(call), [Many(items)] if isinstance(items, Unknown) else items)
    return None


@LIST.knows("insert", "appendleft")
def insert(machine: Machine, call: Call) -> Value:
    items, index = changed_list(machine, call), call.get(1, "index")
    value = call.args[-1]
    if len(call.args) == 2:
        index = 0  # appendleft
    if isinstance(index, int) and not machine.existed_before_loop(items.born):
        machine.look(len(items))
        items.insert(index, value)
    else:
        items[:] = [Many(Unknown("an item inserted at an unknown place", call.place))]
    return None


@LIST.knows("pop")
def pop(machine: Machine, call: Call) -> Value:
    return _taken(machine, call, call.get(1, "index", -1))


@LIST.knows("popleft")
def pop_first(machine: Machine, call: Call) -> Value:
    return _taken(machine, call, 0)


def _taken(machine: Machine, call: Call, index: Value) -> Value:
    items = changed_list(machine, call)
    if (lost := unsettled(machine, items, call.place)) is not None:
        return lost
    machine.look(len(items) // LOOK)
    if isinstance(index, int) and not any(isinstance(item, Many) for item in items):
        if not -len(items) <= index < len(items):
            raise Raised("IndexError", call.place)
        return items.pop(index)
    items[:] = [Many(Unknown("an item taken from an unknown place", call.place))]
    return Unknown("an item of a list of unknown length", call.place)


@LIST.knows("clear")
def clear(machine: Machine, call: Call) -> Value:
    items = changed_list(machine, call)
    if unsettled(machine, items, call.place) is None:
        items.clear()
    return None


@LIST.knows("reverse")
def reverse(machine: Machine, call: Call) -> Value:
    items = changed_list(machine, call)
    if unsettled(machine, items, call.place) is None:
        machine.look(len(items))
        items.reverse()
    return None


@LIST.knows("remove")
def remove(machine: Machine, call: Call) -> Value:
    items = changed_list(machine, call)
    if unsettled(machine, items, call.place) is not None:
        return None
    machine.charge(len(items))
    for position, item in enumerate(items):
        verdict = None if isinstance(item, Many) else equals(machine, item, call.arg(1))
        if verdict is None:
            break
        if verdict:
            del items[position]
            return None
    else:
        raise Raised("ValueError", call.place)
    unsettle(items, Unknown("an item that is not known is removed", call.place))
    return None


@LIST.knows("sort")
def sort(machine: Machine, call: Call) -> Value:
    items = changed_list(machine, call)
    if unsettled(machine, items, call.place) is None:
        machine.look(len(items))
        known = exact(list(items), call)
        order = known if isinstance(known, Unknown) else in_order(machine, known, call)
        items[:] = [Many(order)] if isinstance(order, Unknown) else order
    return None


@LIST.knows("rotate", "extendleft")
def reorder(machine: Machine, call: Call) -> Value:
    """What is not followed."""
    unsettle(changed_list(machine, call), Unknown("a list in another order", call.place))
    return None


@LIST.knows("copy")
def copy_list(machine: Machine, call: Call) -> Value:
    return machine.list(list(own_list(call)))


@LIST.knows("index")
@TUPLE.knows("index")
def index(machine: Machine, call: Call) -> Value:
    items = exact(iterate(machine, call.arg(0), call.place), call)
    if isinstance(items, Unknown):
        return items
    machine.charge(len(items))
    for position, item in enumerate(items):
        verdict = equals(machine, item, call.arg(1))
        if verdict is not False:
            return position if verdict else Unknown("the place of an item that is not known", call.place)
    raise Raised("ValueError", call.place)


@LIST.knows("count")
@TUPLE.knows("count")
def count(machine: Machine, call: Call) -> Value:
    items = exact(iterate(machine, call.arg(0), call.place), call)
    if isinstance(items, Unknown):
        return items
    machine.charge(len(items))
    verdicts = [equals(machine, item, call.arg(1)) for item in items]
    return Unknown("how often an item occurs", call.place) if None in verdicts else verdicts.count(True)


@TUPLE.knows("numel")
def numel(machine: Machine, call: Call) -> Value:
    from padlint.evaluate.library.standard import product

    return product(machine, call)


# ---------------------------------------------------------------- dicts


@DICT.knows("get")
def get(machine: Machine, call: Call) -> Value:
    items, key = own_dict(call), call.get(1, "key")
    if isinstance(key, (Unknown, Expr)):
        return Unknown("an item under a key that is not known", call.place)
    key = own_key(machine, items, key)
    try:
        if key in items:
            return items[key]
    except TypeError:
        return Unknown("an unhashable key", call.place)
    return items.rest if items.rest is not None else call.get(2, "default")


@DICT.knows("pop")
def pop_key(machine: Machine, call: Call) -> Value:
    value = (
        get(machine, call) if len(call.args) > 2 else subscript(machine, call.arg(0), call.get(1, "key"), call.place)
    )
    items = changed_dict(machine, call)
    key = own_key(machine, items, call.get(1, "key"))
    if (lost := unsettled(machine, items, call.place)) is not None:
        return lost
    if isinstance(key, (Unknown, Expr)):
        unsettle(items, Unknown("an item taken from under an unknown key", call.place))
    else:
        items.pop(key, None)
    return value


@DICT.knows("clear")
def clear_dict(machine: Machine, call: Call) -> Value:
    items = changed_dict(machine, call)
    if unsettled(machine, items, call.place) is None:
        items.clear()
        items.rest = None
    return None


@DICT.knows("popitem", "move_to_end")
def take_some(machine: Machine, call: Call) -> Value:
    """What is not followed."""
    reason = Unknown("an item taken from a dict", call.place)
    unsettle(changed_dict(machine, call), reason)
    return reason


@DICT.knows("setdefault")
def setdefault(machine: Machine, call: Call) -> Value:
    items = changed_dict(machine, call)
    key = own_key(machine, items, call.get(1, "key"))
    if isinstance(key, (Unknown, Expr)) or (items.rest is not None and key not in items):
        return Unknown("an item that may have been there before", call.place)
    return items.setdefault(key, call.get(2, "default"))


@DICT.knows("update")
def update(machine: Machine, call: Call) -> Value:
    items = changed_dict(machine, call)
    more = dict_(machine, Call(call.args[1:], call.keywords, call.place, call.rest))
    if isinstance(more, DictValue):
        if machine.existed_before_loop(items.born):
            items.rest = items.rest or Unknown("items set in a loop of unknown length", call.place)
            items.update(dict.fromkeys([key for key in more if key in items], items.rest))
        else:
            machine.grow(items, len(more))
            items.update(more)
            items.rest = items.rest or more.rest
    return None


def _view(machine: Machine, call: Call, parts: Callable[[DictValue], Iterable[Value]], pairs: bool = False) -> Value:
    """What a dict has, as it changes, and what may be in it besides."""
    own, place = own_dict(call), call.place
    machine.look(len(own))

    def look() -> list[Value]:
        if own.rest is None:
            return list(parts(own))
        return [*parts(own), Many((Unknown("a key that is not known", place), own.rest) if pairs else own.rest)]

    return ViewValue(look, machine.tick())


@DICT.knows("items")
def items_(machine: Machine, call: Call) -> Value:
    return _view(machine, call, DictValue.items, pairs=True)


@DICT.knows("keys")
def keys(machine: Machine, call: Call) -> Value:
    return _view(machine, call, DictValue.keys)


@DICT.knows("values")
def values(machine: Machine, call: Call) -> Value:
    return _view(machine, call, DictValue.values)


@DICT.knows("copy")
def copy_dict(machine: Machine, call: Call) -> Value:
    copied = machine.dict(own_dict(call))
    copied.rest, copied.default = own_dict(call).rest, own_dict(call).default
    return copied


# ---------------------------------------------------------------- sets


@SET.knows("add")
def add(machine: Machine, call: Call) -> Value:
    own, element = changed_set(machine, call), call.get(1, "element")
    own[Many(element) if machine.existed_before_loop(own.born) and element not in own else element] = None
    return None


@SET.knows("discard", "remove")
def discard(machine: Machine, call: Call) -> Value:
    own = changed_set(machine, call)
    if unsettled(machine, own, call.place) is None:
        own.pop(call.get(1, "element"), None)
    return None


@SET.knows("pop", "clear", "difference_update", "intersection_update", "symmetric_difference_update")
def take_from_set(machine: Machine, call: Call) -> Value:
    """What is not followed."""
    reason = Unknown("an item taken from a set", call.place)
    unsettle(changed_set(machine, call), reason)
    return reason


@SET.knows("update")
def update_set(machine: Machine, call: Call) -> Value:
    own, more = own_set(call), exact(members(machine, call.get(1, "other", ()), call.place), call)
    machine.touch(own)
    machine.grow(own, 0 if isinstance(more, Unknown) else len(more))
    own.update(dict.fromkeys([more] if isinstance(more, Unknown) else more))
    return None


@SET.knows("union")
def union(machine: Machine, call: Call) -> Value:
    own, more = own_set(call), exact(members(machine, call.get(1, "other", ()), call.place), call)
    return more if isinstance(more, Unknown) else machine.set([*own, *more])


@SET.knows("issubset")
def issubset(machine: Machine, call: Call) -> Value:
    return _within(list(own_set(call)), members(machine, call.arg(1), call.place), call)


@SET.knows("issuperset")
def issuperset(machine: Machine, call: Call) -> Value:
    items = members(machine, call.arg(1), call.place)
    return items if isinstance(items, Unknown) else _within(items, list(own_set(call)), call)


def _within(items: list[Value], others: list[Value] | Unknown, call: Call) -> Value:
    """Is every one of the items among the others? Told of texts and whole numbers only."""
    if isinstance(others, Unknown) or not all(isinstance(item, (str, int)) for item in (*items, *others)):
        return Unknown("sets of which not all items are known", call.place)
    return set(items) <= set(others)


@SET.knows("copy")
def copy_set(machine: Machine, call: Call) -> Value:
    return machine.set(list(own_set(call)))


# ---------------------------------------------------------------- strings

_TEXT = (
    "lower", "upper", "strip", "lstrip", "rstrip", "startswith", "endswith", "replace", "split", "rsplit", "partition",
    "rpartition", "format", "title", "capitalize", "isdigit", "isalpha", "isnumeric", "find", "count", "zfill", "isidentifier",
    "removeprefix", "removesuffix", "splitlines", "isupper", "islower", "index", "swapcase", "casefold",
)  # fmt: skip


def _text_method(name: str) -> None:
    @TEXT.knows(name)
    def run(machine: Machine, call: Call) -> Value:
        text = call.arg(0)
        given = (*call.args, *call.keywords.values())
        if not all(isinstance(value, (str, int, float)) or value is None or _texts(value) for value in given):
            return Unknown(f"str.{name}() with something unknown", call.place)
        if sum(len(value) if isinstance(value, str) else _weight(value) for value in given) > 10_000:
            return Unknown("a string too long to work on", call.place)
        if name == "format" and isinstance(text, str) and any(mark in text for mark in ("[", ".", ":")):
            return Unknown("a format that is not read", call.place)
        try:
            result = getattr(text, name)(*call.args[1:], **call.keywords)
        except (TypeError, ValueError, IndexError, KeyError):
            raise Raised("ValueError", call.place) from None
        return machine.list(result) if isinstance(result, list) else result


def _weight(value: Value) -> int:
    """What a number or a tuple counts in a text's length."""
    return int(abs(value)) if isinstance(value, int) else 0


def _texts(value: Value) -> bool:
    return isinstance(value, tuple) and all(isinstance(item, str) for item in value)


for _name in _TEXT:
    _text_method(_name)


@TEXT.knows("join")
def join(machine: Machine, call: Call) -> Value:
    items = exact(iterate(machine, call.get(1, "iterable", ()), call.place), call)
    if isinstance(items, Unknown) or not all(isinstance(item, str) for item in items):
        return Unknown("strings that are not known are joined", call.place)
    texts = [item for item in items if isinstance(item, str)]
    between = str(call.arg(0))
    machine.hold(words(sum(map(len, texts)) + len(between) * len(texts)))
    return between.join(texts)
