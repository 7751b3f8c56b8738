"""The rules, one file each, found by walking this package."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from padlint.checks.base import Rule, Rules


@cache
def rules() -> Rules:
    """Every rule by its code, in the order of codes."""
    found: dict[str, Rule] = {}
    for module in pkgutil.iter_modules(__path__):
        if module.name.startswith("pad"):
            rule: Rule = importlib.import_module(f"{__name__}.{module.name}").RULE
            found[rule.code] = rule
    return dict(sorted(found.items()))
