"""The output formats of `padlint check`, one module each; the module `json_lines` is the format `json-lines`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence

from padlint.errors import UsageError
from padlint.finding import Finding
from padlint.hints import did_you_mean
from padlint.report.context import Context

Renderer = Callable[[Sequence[Finding], Context], str]
"""Gives the whole output, with its final line end, or nothing."""


def names() -> tuple[str, ...]:
    """The formats that exist."""
    return tuple(module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__))


def renderer(name: str) -> Renderer:
    """Raises UsageError for a format that does not exist."""
    if name not in names():
        raise UsageError(f"unknown output format {name!r}{did_you_mean(name, names())}")
    render: Renderer = importlib.import_module(f"{__name__}.{name.replace('-', '_')}").render
    return render
