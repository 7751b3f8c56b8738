"""Which values are instances of which types, three-valued."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from padlint.arithmetic.dims import Expr, Unknown, is_size
from padlint.evaluate.annotations import UnknownSequence
from padlint.evaluate.protocols import defines
from padlint.evaluate.values import (
    BoundMethod,
    Builtin,
    ClassValue,
    Condition,
    Descriptor,
    DictValue,
    External,
    Fresh,
    Function,
    Instance,
    IteratorValue,
    ListValue,
    Many,
    Namespace,
    Number,
    Partial,
    SetValue,
    Tensor,
    TorchClass,
    Value,
    is_module,
    linearised,
    torch_base,
)

Test = Callable[[Value], "bool | None"]

TYPES: Mapping[str, type | tuple[type, ...]] = {
    "int": int, "float": float, "str": str, "bool": bool, "tuple": tuple, "list": ListValue, "dict": DictValue,
    "set": SetValue, "bytes": bytes, "range": range, "slice": slice, "complex": complex,
}  # fmt: skip
"""Python's types by name, and what stands for their values here."""

_ABSTRACT: Mapping[str, tuple[type, ...]] = {
    "Sequence": (tuple, ListValue, str, range, bytes), "Iterable": (tuple, ListValue, str, range, bytes, DictValue, SetValue),
    "Collection": (tuple, ListValue, str, range, bytes, DictValue, SetValue), "MutableSequence": (ListValue,),
    "Mapping": (DictValue,), "MutableMapping": (DictValue,), "Set": (SetValue,), "AbstractSet": (SetValue,),
    "Number": (int, float, complex), "Real": (int, float), "Integral": (int,), "List": (ListValue,), "Tuple": (tuple,),
    "Dict": (DictValue,), "NoneType": (type(None),), "frozenset": (SetValue,), "Sized": (tuple, ListValue, str,
    range, DictValue, SetValue), "Container": (tuple, ListValue, str, range, bytes, DictValue, SetValue),
    "Reversible": (tuple, ListValue, str, range, bytes, DictValue), "Complex": (int, float, complex), "Rational": (int,),
}  # fmt: skip
_NEVER_A_CLASS = (bool, int, float, complex, str, bytes, tuple, range, slice, ListValue, DictValue, SetValue, Function, Partial,
                  BoundMethod, Instance, Tensor, Fresh, Namespace, type(None))  # fmt: skip


def is_class(value: Value) -> bool | None:
    """Is this value itself a class?"""
    if isinstance(value, (ClassValue, TorchClass)):
        return True
    if isinstance(value, Builtin):
        return value.name.rpartition(".")[2] in TYPES or value.name in _CLASSES
    return False if isinstance(value, _NEVER_A_CLASS) else None


_CLASSES = frozenset({"functools.partial", "collections.OrderedDict", "collections.defaultdict", "collections.deque",
                      "builtins.frozenset", "builtins.type", "builtins.object", "builtins.enumerate", "builtins.zip",
                      "builtins.map", "builtins.filter", "builtins.reversed", "builtins.super", "builtins.property",
                      "builtins.classmethod", "builtins.staticmethod"})  # fmt: skip


def _is_function(value: Value) -> bool | None:
    if isinstance(value, Function):
        return True
    return None if isinstance(value, Builtin) and not is_class(value) else False


def _is_callable(value: Value) -> bool | None:
    if isinstance(value, (Function, BoundMethod, Partial, ClassValue, TorchClass, Builtin)):
        return True
    if isinstance(value, Instance):
        return is_module(value) or defines(value, "__call__") or (None if _opaque(value) else False)
    return False


def _is_ordered_dict(value: Value) -> bool | None:
    return None if isinstance(value, DictValue) else False


def _is_hashable(value: Value) -> bool | None:
    if isinstance(value, (ListValue, DictValue)):
        return False
    return True if isinstance(value, int | float | complex | str | bytes | tuple | range | None) else None


_TESTS: Mapping[str, Test] = {
    "collections.abc.Hashable": _is_hashable, "typing.Hashable": _is_hashable,
    "builtins.type": is_class, "functools.partial": lambda value: isinstance(value, Partial),
    "types.FunctionType": _is_function, "types.LambdaType": _is_function,
    "types.MethodType": lambda value: isinstance(value, BoundMethod),
    "collections.abc.Callable": _is_callable, "typing.Callable": _is_callable,
    "collections.OrderedDict": _is_ordered_dict, "collections.defaultdict": _is_ordered_dict,
    "typing.OrderedDict": _is_ordered_dict,
    "builtins.object": lambda value: True, "builtins.property": lambda value: isinstance(value, Descriptor),
    "torch.Tensor": lambda value: isinstance(value, (Tensor, Fresh)),
    "torch.nn.Parameter": lambda value: None if isinstance(value, Tensor) else False,
    "types.SimpleNamespace": lambda value: isinstance(value, Namespace) and value.name == "types.SimpleNamespace",
}  # fmt: skip


def is_any(value: Value, kinds: tuple[Value, ...]) -> bool | None:
    """`isinstance(value, kinds)`."""
    if isinstance(value, UnknownSequence):
        return _is_sequence_any(kinds)
    verdicts = [is_a(value, kind) for kind in kinds]
    return True if True in verdicts else None if None in verdicts else False


def _is_sequence_any(kinds: tuple[Value, ...]) -> bool | None:
    """Is a list or tuple one of these? Code that asks for a number may be given one, whatever the annotation says."""
    if all(any(is_a(each, kind) for kind in kinds) for each in ((), ListValue())):
        return True
    return False if all(isinstance(kind, (Builtin, External)) and _name(kind) in _TEXTS for kind in kinds) else None


_TEXTS = frozenset({"builtins.str", "builtins.bytes"})


def is_a(value: Value, kind: Value) -> bool | None:
    """`isinstance(value, kind)` for one kind."""
    if isinstance(value, Expr) and is_size(value):
        value = 1  # any integer: what is asked is its type
    if isinstance(value, Number):
        whole, real = is_a(1, kind), is_a(1.0, kind)
        return whole if whole is real else None
    if isinstance(value, (Unknown, Condition, Many, Expr, External)):
        return True if isinstance(kind, (Builtin, External)) and _name(kind) == "builtins.object" else None
    if isinstance(kind, (Builtin, External)):
        return _is_of(value, _name(kind), kind) if not isinstance(value, IteratorValue) else _is_iterator(_name(kind))
    if isinstance(kind, (ClassValue, TorchClass)):
        if not isinstance(value, Instance):
            return False
        return derives(value.cls, kind) or (None if _opaque(value) and isinstance(kind, TorchClass) else False)
    return None


def _is_iterator(dotted: str) -> bool | None:
    """Is an iterator, of which kind ever, one of these?"""
    name = dotted.rpartition(".")[2]
    return True if name in ("Iterator", "Iterable", "object") else False if name in TYPES or name == "Sized" else None


def _name(kind: Builtin | External) -> str:
    return kind.name if isinstance(kind, Builtin) else kind.dotted


def _is_of(value: Value, dotted: str, kind: Value) -> bool | None:
    if dotted in _TESTS:
        return _TESTS[dotted](value)
    home, _, name = dotted.rpartition(".")
    known: type | tuple[type, ...] | None = None
    if home == "builtins":
        known = TYPES.get(name)
    elif home in ("collections.abc", "typing", "numbers", "types"):
        known = _ABSTRACT.get(name)
    if isinstance(value, Instance):
        return _instance_is(value, dotted, known)
    if known is not None:
        return isinstance(value, known)
    if isinstance(value, (ListValue, DictValue, SetValue)):  # of the package collections they may be, too
        return False if name[:1].isupper() and home != "collections" and _never_plain(home, name) else None
    return False if _never_plain(home, name) and isinstance(value, int | float | str | tuple | None) else None


def _never_plain(home: str, name: str) -> bool:
    """Is this surely a class that no number, text or tuple is an instance of? Not `SupportsInt`, not `six.string_types`."""
    if home in ("builtins", "collections.abc", "typing", "numbers", "types") or name in _ABSTRACT:
        return False
    return name[:1].isupper() or home == "numpy" or (home == "torch" and name != "Size")


def _instance_is(value: Instance, dotted: str, known: type | tuple[type, ...] | None) -> bool | None:
    bases = [base.dotted for base in linearised(value.cls) if isinstance(base, External)]
    if dotted in bases or (value.fields is not None and known is not None and issubclass(tuple, known)):
        return True
    if "enum.IntEnum" in bases and dotted == "builtins.int":
        return True
    if known is not None and not _opaque(value):
        return False
    return None if _opaque(value) or known is None else False


def _opaque(value: Instance) -> bool:
    """Has the object a base of which nothing is known?"""
    inert = ("builtins.", "abc.", "typing.", "enum.")
    return any(isinstance(base, External) and not base.dotted.startswith(inert) for base in linearised(value.cls))


def derives(cls: Value, kind: Value) -> bool:
    """Is one class the other or derived from it? torch's own hierarchy counts as far as model code asks for it."""
    mro = linearised(cls)
    if any(base is kind or base == kind for base in mro):
        return True
    own = torch_base(cls)
    if not isinstance(kind, TorchClass) or own is None:
        return False
    return kind.name == "Module" or (kind.name in _PARENTS and _PARENTS[kind.name] in own.name)


_PARENTS: Mapping[str, str] = {"_ConvNd": "Conv", "_BatchNorm": "BatchNorm", "_NormBase": "Norm", "_DropoutNd": "Dropout",
                              "_ConvTransposeNd": "ConvTranspose", "_InstanceNorm": "InstanceNorm"}  # fmt: skip
