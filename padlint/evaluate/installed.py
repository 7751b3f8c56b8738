"""Which packages a program is run with is not known: what of `try: import ...` happens in any case."""

from __future__ import annotations

import sys

from padlint.evaluate.values import PythonModule
from padlint.evaluate.world import World
from padlint.syntax import ir

_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
_EXITS = frozenset({"exit", "quit", "_exit"})
_KNOWN = sys.stdlib_module_names | {"torch"}


def surely_imported(world: World, module: PythonModule, node: ir.Try) -> int | None:
    """How many of the first statements of the body succeed whatever is installed; None where all are as good as that: no
    package is imported that is neither Python's, torch's nor the project's, or the program ends without it."""
    handlers = [h for h in node.handlers if h.type is None or caught(h.type) & _IMPORT_ERRORS]
    if not handlers or all(_ends_the_program(handler) for handler in handlers):
        return None
    sure = [_is_known(world, module, each) for each in node.body]
    if all(known is not False for known in sure):
        return None
    return next(at for at, known in enumerate(sure) if not known)


def _is_known(world: World, module: PythonModule, node: ir.Statement) -> bool | None:
    """Is this an import of what is there in any case? None for what is no import."""
    if isinstance(node, ir.Import):
        wanted = [name for name, _ in node.names]
    elif isinstance(node, ir.ImportFrom):
        wanted = [node.module] if node.level == 0 else []
    else:
        return None
    return all(name.partition(".")[0] in _KNOWN or world.module(name, module) is not None for name in wanted)


def _ends_the_program(handler: ir.Handler) -> bool:
    last = handler.body[-1] if handler.body else None
    if isinstance(last, ir.Evaluate) and isinstance(last.value, ir.Call):
        return ir.last_name(last.value.func) in _EXITS
    return isinstance(last, ir.Raise)


def caught(kind: ir.Expression) -> set[str]:
    """The names of the exceptions in `except (A, b.C)`."""
    kinds = kind.elements if isinstance(kind, ir.Display) else (kind,)
    return {ir.last_name(each) or "" for each in kinds}
