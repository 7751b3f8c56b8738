"""The commands, one module each: `SUMMARY`, `add_arguments(parser)` and `run(arguments)`, which gives the exit code."""

from __future__ import annotations

import importlib
import pkgutil
from argparse import ArgumentParser, Namespace
from typing import Protocol, cast


class Command(Protocol):
    """What the module of a command has."""

    SUMMARY: str

    def add_arguments(self, parser: ArgumentParser) -> None: ...

    def run(self, arguments: Namespace) -> int: ...


def names() -> tuple[str, ...]:
    """The commands that exist."""
    return tuple(module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__))


def command(name: str) -> Command:
    """The module of one command; the others are not imported."""
    return cast(Command, importlib.import_module(f"{__name__}.{name.replace('-', '_')}"))
