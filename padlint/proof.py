"""Fixes are offered only where they are proved: the fixed text is checked again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from padlint import fixes
from padlint.checking import Checked
from padlint.finding import Finding, Place
from padlint.result import Verdict
from padlint.syntax.ir import Call, Node, children
from padlint.syntax.source import Source
from padlint.units import settled_in

Identity = tuple[str, str, str | None, str | None]


def with_proved_fixes(checked: Checked, findings: Sequence[Finding]) -> list[Finding]:
    """Some findings of a check, each with its fix only if checking the fixed text shows that it is gone, and nothing
    new."""
    fixable = [finding for finding in findings if finding.fix is not None]
    good = set(map(id, proved(checked, fixable)))
    return [finding if id(finding) in good else replace(finding, fix=None) for finding in findings]


def proved(checked: Checked, findings: Sequence[Finding]) -> list[Finding]:
    """Those of the findings whose fixes do what they say: all at once where they can be, else by halves."""
    if not findings:
        return []
    wanted = [finding.fix for finding in findings if finding.fix is not None]
    together = fixes.compatible(wanted)
    if len(together) == len(set(wanted)) and _mend(checked, findings):
        return list(findings)
    if len(findings) == 1:
        return []
    half = len(findings) // 2
    return proved(checked, findings[:half]) + proved(checked, findings[half:])


def _mend(checked: Checked, findings: Sequence[Finding]) -> bool:
    """Are these findings gone, no others there, and is no less known, when all their fixes are applied?"""
    chosen = [finding.fix for finding in findings if finding.fix is not None]
    paths = {edit.span.path for fix in chosen for edit in fix.edits}
    if not paths <= {checked.project.source(path).path for path in checked.readable}:
        return False
    texts = dict(checked.session.overlay)
    for path in paths:
        source = checked.project.displayed(path)
        text = fixes.apply(source, chosen)
        if not fixes.parses(source, text):
            return False
        texts[path] = source.encode(text)
    allowed = _counted(checked.verdict.findings) - _counted(findings)
    again = Checked(checked.session.over(texts), before=checked)
    checked.project.disk.also(again.project.disk.facts_on_disk())
    if _counted(again.verdict.findings) - allowed or _unsaid(again.verdict) - _unsaid(checked.verdict):
        return False
    return _as_much_known(checked, again)


def _as_much_known(before: Checked, after: Checked) -> bool:
    """Does everything that gave a known shape, or was refused, give a known shape in the fixed text? What is not come to any
    more, or is not known, shows nothing."""
    old, new = _by_statement(settled_in(before.units)), _by_statement(settled_in(after.units))
    return all(
        _is_kept(nodes, new.get(at, set()), before.project.displayed(at[0]), after.project.displayed(at[0]), at[1])
        for at, nodes in old.items()
    )


def _is_kept(old: set[int], new: set[int], before: Source, after: Source, statement: int) -> bool:
    """Are the nodes `old` of a statement among `new`? A fix moves their numbers, but not the order of the calls."""
    if len(before.statements) != len(after.statements):
        return False
    if before.statement_text(statement) == after.statement_text(statement):
        return old <= new
    calls, others = _calls(before, statement), _calls(after, statement)
    if len(calls) != len(others):
        return len(old) <= len(new)
    return all(other in new for call, other in zip(calls, others, strict=True) if call in old)


def _calls(source: Source, statement: int) -> list[int]:
    """The numbers of all calls in a statement, in order."""
    found: list[int] = []
    pending: list[object] = [source.lower(statement)]
    while pending:
        node = pending.pop()
        if isinstance(node, Call):
            found.append(node.at)
        pending += node if isinstance(node, tuple) else children(node) if isinstance(node, Node) else ()
    return sorted(found)


def _by_statement(places: Iterable[Place]) -> dict[tuple[str, int], set[int]]:
    found: dict[tuple[str, int], set[int]] = {}
    for place in places:
        found.setdefault((place.path, place.statement), set()).add(place.node)
    return found


def _unsaid(verdict: Verdict) -> Counter[str]:
    """What was not analysed, and why, whatever line it is on: of that nothing is proved."""
    return Counter(re.sub(r"\d+", "", line) for line in (*verdict.problems, *verdict.notes))


def _counted(findings: Iterable[Finding]) -> Counter[Identity]:
    """What findings are about, whatever lines they are on."""
    return Counter((finding.code, finding.span.path, finding.model, finding.layer) for finding in findings)
