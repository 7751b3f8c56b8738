"""Lists, dicts and sets of the program: Python's own, that know when they were made and are equal to themselves alone.

So a loop of unknown length can tell what existed before it, and what is unknown can be in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from padlint.arithmetic.dims import Unknown
    from padlint.evaluate.values import Value


class ListValue(list["Value"]):
    """A list of the program. `born` is the machine's clock when it was made. Equality is identity, as for all objects."""

    __slots__ = ("born",)

    def __init__(self, items: Iterable[Value] = (), born: int = 0) -> None:
        super().__init__(items)
        self.born = born

    __hash__ = object.__hash__  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return self is other


class IteratorValue(ListValue):
    """What an iterator of the program has not given yet: who walks over it takes it away."""

    __slots__ = ()


class ViewValue(ListValue):
    """The keys, values or items of a dict, as they are when somebody looks: `look` gives them."""

    __slots__ = ("look",)

    def __init__(self, look: Callable[[], list[Value]], born: int) -> None:
        super().__init__(look(), born)
        self.look = look


class DictValue(dict["Value", "Value"]):
    """A dict of the program. `rest` is set where further, unknown items may be in it; `kind` tells OrderedDict and others.
    `default` is the factory of a defaultdict."""

    __slots__ = ("born", "default", "rest")

    def __init__(self, items: Mapping[Value, Value] | Mapping[str, Value] | None = None, born: int = 0) -> None:
        super().__init__()
        for key, value in (items or {}).items():
            self[key] = value
        self.born = born
        self.rest: Unknown | None = None
        self.default: Value = None

    __hash__ = object.__hash__  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return self is other


class SetValue(dict["Value", None]):
    """A set of the program, in the order of insertion."""

    __slots__ = ("born",)

    def __init__(self, items: Iterable[Value] = (), born: int = 0) -> None:
        super().__init__(dict.fromkeys(items))
        self.born = born

    __hash__ = object.__hash__  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return self is other
