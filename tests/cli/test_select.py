"""Selectors: codes, beginnings of codes, names; the most specific one decides."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from padlint.config import Settings
from padlint.errors import UsageError
from padlint.finding import Severity
from padlint.select import selection


@dataclass(frozen=True)
class Rule:
    code: str
    name: str
    severity: Severity


RULES = {
    rule.code: rule
    for rule in (
        Rule("PAD101", "strided-same-padding", "error"),
        Rule("PAD201", "shape-not-same", "error"),
        Rule("PAD204", "misaligned-same-padding", "warning"),
        Rule("PAD209", "stale-shape-comment", "information"),
    )
}


@pytest.mark.parametrize(
    ("select", "ignore", "chosen"),
    [
        ("PAD", "", "101 201 204"),
        ("PAD2", "", "201 204"),
        ("pad201", "", "201"),
        ("shape-not-same", "", "201"),
        ("PAD", "PAD2", "101"),
        ("PAD PAD201", "PAD2", "101 201"),
        ("PAD shape-not-same", "PAD2", "101 201"),
        ("PAD2", "PAD201", "204"),
        ("PAD2", "shape-not-same", "204"),
        ("PAD201", "shape-not-same", ""),
        ("PAD209", "", "209"),
        ("PAD2 stale-shape-comment", "", "201 204 209"),
        ("PAD20", "PAD2", "201 204"),
    ],
)
def test_the_most_specific_selector_decides(select: str, ignore: str, chosen: str) -> None:
    settings = Settings("/p", select=tuple(select.split()), ignore=tuple(ignore.split()))
    assert selection(settings, RULES).codes("/p/a.py") == {f"PAD{number}" for number in chosen.split()}


def test_per_file_ignores_take_away_in_files_that_fit() -> None:
    settings = Settings("/p", per_file_ignores=(("tests/*", ("PAD2",)), ("**/old_*.py", ("strided-same-padding",))))
    chosen = selection(settings, RULES)
    assert chosen.codes("/p/tests/a.py") == {"PAD101"}
    assert chosen.codes("/p/pkg/old_net.py") == {"PAD201", "PAD204"}
    assert chosen.codes("/p/tests/old_a.py") == set()
    assert chosen.codes("/p/a.py") == {"PAD101", "PAD201", "PAD204"}


def test_fixable_and_severity() -> None:
    settings = Settings("/p", unfixable=("PAD2",), fixable=("PAD", "PAD204"), severity=(("PAD2", "information"),))
    chosen = selection(settings, RULES)
    assert chosen.fixable == {"PAD101", "PAD204"}
    assert chosen.severities == {"PAD201": "information", "PAD204": "information", "PAD209": "information"}


@pytest.mark.parametrize(
    ("unknown", "nearest"),
    [("PAD2011", "PAD201"), ("PAD9", None), ("shape-not-sme", "shape-not-same"), ("E501", None)],
)
def test_an_unknown_rule_names_the_nearest(unknown: str, nearest: str | None) -> None:
    with pytest.raises(UsageError, match=f"unknown rule '{unknown}'") as problem:
        selection(Settings("/p", ignore=(unknown,)), RULES)
    assert nearest is None or f"did you mean '{nearest}'?" in str(problem.value)
