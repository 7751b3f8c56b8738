"""Fixes are offered only where they are proved: the fixed text is checked again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from padlint import fixes
from padlint.checking import Checked
from padlint.finding import Finding

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
    """Are these findings gone, and no others there, when all their fixes are applied?"""
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
    again = Checked(checked.session.over(texts))
    checked.project.disk.also(again.project.disk.facts_on_disk())
    return not _counted(again.verdict.findings) - allowed


def _counted(findings: Iterable[Finding]) -> Counter[Identity]:
    """What findings are about, whatever lines they are on."""
    return Counter((finding.code, finding.span.path, finding.model, finding.layer) for finding in findings)
