"""Which rules speak where, which may fix, how severe they are: selectors resolved against the rules that exist.

A selector is a code, the beginning of codes (`PAD2`), or a name. The most specific selector that covers a rule decides;
a rule of severity information speaks only where its whole code or its name is selected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from padlint.config import Settings
from padlint.errors import UsageError
from padlint.finding import Severity
from padlint.hints import did_you_mean
from padlint.paths import glob, seen_from

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class Rule(Protocol):
    """What selection must know of a rule."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def severity(self) -> Severity: ...


Rules = Mapping[str, Rule]

_CODE = re.compile(r"PAD\d{0,3}", re.IGNORECASE)
_WHOLE = 6
"""The specificity of a whole code, or of a name: they cover one rule alone."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The resolved choice. `selected` and `fixable` hold codes; `severities` those of the configuration."""

    root: str
    selected: frozenset[str]
    fixable: frozenset[str]
    severities: Mapping[str, Severity]
    per_file: tuple[tuple[GitIgnoreSpec, frozenset[str]], ...]

    def codes(self, path: str) -> frozenset[str]:
        """The codes that may be reported in a file."""
        left = self.selected
        if self.per_file:
            relative = seen_from(path, self.root)
            for spec, codes in self.per_file:
                if spec.match_file(relative):
                    left -= codes
        return left


def selection(settings: Settings, rules: Rules) -> Selection:
    """Raises UsageError that names the selector no rule fits, and the nearest one that exists."""
    return Selection(
        settings.root,
        _chosen(settings.select + settings.extend_select, settings.ignore, rules, opt_in=True),
        _chosen(settings.fixable, settings.unfixable, rules, opt_in=False),
        {code: severity for selector, severity in settings.severity for code in covered(selector, rules)},
        tuple(
            (_spec(glob(pattern, settings.root)), _union(selectors, rules))
            for pattern, selectors in settings.per_file_ignores
        ),
    )


def opted_in(settings: Settings, rules: Rules) -> frozenset[str]:
    """The rules of severity information that are selected. Raises UsageError."""
    return frozenset(code for code in selection(settings, rules).selected if rules[code].severity == "information")


def covered(selector: str, rules: Rules) -> frozenset[str]:
    """The codes that a selector covers. Raises UsageError if it covers none."""
    wanted = selector.strip()
    if _CODE.fullmatch(wanted):
        found = frozenset(code for code in rules if code.startswith(wanted.upper()))
    else:
        found = frozenset(code for code, rule in rules.items() if rule.name == wanted)
    if not found:
        words = [*rules, *(rule.name for rule in rules.values())]
        raise UsageError(f"unknown rule {wanted!r}{did_you_mean(wanted, words)}")
    return found


def _union(selectors: Iterable[str], rules: Rules) -> frozenset[str]:
    return frozenset(code for selector in selectors for code in covered(selector, rules))


def _chosen(wanted: Iterable[str], unwanted: Iterable[str], rules: Rules, opt_in: bool) -> frozenset[str]:
    score = _specificity(wanted, rules)
    against = _specificity(unwanted, rules)
    chosen = {code for code, specific in score.items() if specific > against.get(code, -1)}
    if opt_in:
        chosen = {code for code in chosen if rules[code].severity != "information" or score[code] == _WHOLE}
    return frozenset(chosen)


def _specificity(selectors: Iterable[str], rules: Rules) -> dict[str, int]:
    """For each covered code the length of the longest selector that covers it."""
    found: dict[str, int] = {}
    for selector in selectors:
        codes = covered(selector, rules)
        length = len(selector.strip()) if _CODE.fullmatch(selector.strip()) else _WHOLE
        for code in codes:
            found[code] = max(found.get(code, 0), length)
    return found


def _spec(pattern: str) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec  # only where there are patterns

    return GitIgnoreSpec.from_lines([pattern])
