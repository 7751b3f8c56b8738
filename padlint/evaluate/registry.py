"""What the evaluator knows of Python, its library and torch: a table from dotted names to functions on values.

The modules of `padlint.evaluate.library` fill it with their decorators; `find` looks a name up.
"""

from __future__ import annotations

import builtins
import importlib
import pkgutil
from collections.abc import Callable
from functools import cache, lru_cache
from types import ModuleType

from padlint.evaluate.machine import Machine
from padlint.evaluate.values import MISSING, Builtin, Call, External, TorchClass, Value
from padlint.layers.catalogue import find as find_layer

Run = Callable[[Machine, Call], Value]

CONTAINERS = frozenset({"Module", "Sequential", "ModuleList", "ModuleDict", "ParameterList", "ParameterDict"})
ALIASES = {"torch.nn.modules.": "torch.nn.", "torch.functional.": "torch.", "typing_extensions.": "typing."}


class Table(dict[str, Builtin]):
    """A table of known functions, filled by its decorator."""

    def knows(self, *names: str) -> Callable[[Run], Run]:
        def register(run: Run) -> Run:
            for name in names:
                self[name] = Builtin(name, run)
            return run

        return register


@cache
def functions() -> dict[str, Value]:
    """Every known function by its dotted name (`builtins.len`, `math.floor`, `torch.flatten`), and the known constants."""
    known: dict[str, Value] = {}
    for module in _library():
        known.update(getattr(module, "FUNCTIONS", {}))
    return known


def _library() -> list[ModuleType]:
    """The modules of `padlint.evaluate.library`, all imported: one may fill the table of another."""
    from padlint.evaluate import library

    return [
        importlib.import_module(f"{library.__name__}.{each.name}") for each in pkgutil.iter_modules(library.__path__)
    ]


@cache
def methods() -> dict[tuple[type | str, str], Builtin]:
    """The methods of lists, dicts, strings, tensors and modules, by the type of the receiver."""
    known: dict[tuple[type | str, str], Builtin] = {}
    for module in _library():
        for receiver, table in getattr(module, "METHODS", {}).items():
            known.update({(receiver, name): builtin for name, builtin in table.items()})
    return known


@lru_cache(maxsize=4096)
def find(dotted: str) -> Value:
    """The value behind a dotted name from outside the project."""
    written = dotted
    for start, short in ALIASES.items():
        if dotted.startswith(start):
            dotted = short + dotted[len(start) :].rpartition(".")[2]
    known = functions()
    if dotted in known:
        return known[dotted]
    if "keras" in dotted:
        from padlint.evaluate.keras import named  # the catalogue of Keras is read only where Keras is used

        return named(dotted) or External(dotted)
    if dotted.startswith("torch.nn.") and dotted.count(".") == 2:
        name = dotted.rpartition(".")[2]
        layer = find_layer(name)
        if layer is not None or name in CONTAINERS or name.endswith("Loss") or name.startswith("_"):
            return TorchClass(name, layer)
    return External(written)


@lru_cache(maxsize=4096)
def builtin(name: str) -> Value:
    """A name of Python's builtins, else MISSING."""
    known = functions().get(f"builtins.{name}", MISSING)
    if known is not MISSING:
        return known
    return External(f"builtins.{name}") if hasattr(builtins, name) else MISSING
