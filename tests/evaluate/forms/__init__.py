"""How people write models: one small file a form, each with a function `build` that gives a module. A file a subject."""

from __future__ import annotations

import importlib
import pkgutil


def _forms() -> dict[str, str]:
    found: dict[str, str] = {}
    for each in pkgutil.iter_modules(__path__):
        for name, text in getattr(importlib.import_module(f"{__name__}.{each.name}"), "FORMS", {}).items():
            assert name not in found
            found[name] = text
    return found


FORMS = _forms()
