"""Frozen dataclasses and named tuples to plain data and back: what JSON holds, and nothing that could be run."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, ForwardRef, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")

Plain = Union[bool, int, float, str, None, list["Plain"], dict[str, "Plain"]]


def pack(value: object) -> Plain:
    """A dataclass becomes the list of its fields; tuples become lists. Raises TypeError for what is no plain data."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, tuple | list):
        return [pack(each) for each in value]
    if isinstance(value, Mapping):
        return {str(key): pack(each) for key, each in value.items()}
    if is_dataclass(value):
        return [pack(getattr(value, each.name)) for each in fields(value)]
    raise TypeError(f"{type(value).__name__} is no plain data")


def unpack(kind: type[T], data: object) -> T:
    """The value that was packed. Raises ValueError where the data does not fit the type."""
    return cast(T, _unpack(kind, data))


def _unpack(kind: Any, data: object) -> object:  # the parameters of a generic type are no types to mypy
    if isinstance(kind, type) and (is_dataclass(kind) or hasattr(kind, "_fields")):
        kinds = _kinds(kind)
        if not isinstance(data, list) or len(data) != len(kinds):
            raise ValueError(f"no {kind.__name__}")
        return kind(*[_unpack(each, item) for each, item in zip(kinds, data, strict=True)])
    if isinstance(kind, ForwardRef):  # a type that names itself: what JSON holds
        return data
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _one_of(parts, data)
    if origin is Literal and data in parts:
        return data
    if origin is tuple and isinstance(data, list):
        if parts[-1] is Ellipsis:
            return tuple([_unpack(parts[0], each) for each in data])
        if len(parts) == len(data):
            return tuple([_unpack(part, each) for part, each in zip(parts, data, strict=True)])
    if origin is list and isinstance(data, list):
        return [_unpack(parts[0], each) for each in data]
    if (origin is dict or origin is Mapping) and isinstance(data, dict):
        return {key: _unpack(parts[1], each) for key, each in data.items()}
    if origin is None and type(data) is kind:
        return data
    raise ValueError(f"no {kind}")


def _one_of(kinds: tuple[Any, ...], data: object) -> object:
    for kind in kinds:
        if kind is NoneType:
            if data is None:
                return None
            continue
        try:
            return _unpack(kind, data)
        except ValueError:
            continue
    raise ValueError("none of the types fits")


@cache
def _kinds(kind: type) -> tuple[Any, ...]:
    hints = get_type_hints(kind, vars(sys.modules[kind.__module__]))
    names = [each.name for each in fields(kind)] if is_dataclass(kind) else getattr(kind, "_fields", ())
    return tuple(hints[name] for name in names)
