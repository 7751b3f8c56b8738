"""From files to results: what the commands ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from padlint.finding import Finding, Fix
from padlint.result import Change, Result, Verdict
from padlint.session import Session, make_room

if TYPE_CHECKING:
    from padlint.checking import Checked
    from padlint.disk import Facts
    from padlint.syntax.source import Source
    from padlint.trace import Shapes
    from padlint.visible import Visible

ROUNDS = 10


def remembered(session: Session) -> bool:
    """Has this very check been done before?"""
    return session.recall("check", Verdict) is not None


def shapes(session: Session) -> Shapes:
    """Every Sequential that these files build."""
    from padlint.trace import Shapes

    known = session.recall("shapes", Shapes)
    if known is None:
        from padlint.building import built_in  # the evaluator, and with it LibCST

        make_room()
        with session.disk.watched() as facts:
            known = built_in(session)
        _keep(session, "shapes", known, facts)
    return known


def _keep(session: Session, what: str, found: Verdict | Shapes, facts: Facts) -> None:
    """Remember what came to its end: a process that was ended, or memory that was short, is no fact of the disk."""
    if not found.problems:
        session.keep(what, found, facts)


def check(session: Session, visible: Visible | None = None) -> Result:
    """What is wrong in these files, with the fixes that are proved to mend it."""
    checks = _Checks(session)
    return checks.result(checks.proved(checks.shown(visible)))


def fix(session: Session, unsafe: bool, visible: Visible | None = None) -> Result:
    """Apply fixes round by round until none is left; what remains is found in the changed texts."""
    fixed = _Fixed(session)
    for _ in range(ROUNDS):
        checks = _Checks(fixed.session())
        findings = checks.proved(checks.shown(visible))
        offered = [finding.fix for finding in findings if finding.fix is not None]
        wanted = [each for each in offered if unsafe or each.applicability == "safe"]
        if not wanted:
            break
        fixed.apply(wanted, checks.checked)
    else:
        checks = _Checks(fixed.session())
        findings = checks.proved(checks.shown(visible))
    return replace(checks.result(findings), changes=fixed.changes())


def ignore(session: Session, visible: Visible | None = None) -> Result:
    """Put a comment on every finding that hides it; what remains is found in the changed texts."""
    from padlint.ignores import with_ignores
    from padlint.proof import proved

    checks = _Checks(session)
    hidden = proved(checks.checked, with_ignores(checks.shown(visible), checks.source))
    fixed = _Fixed(session)
    fixed.apply([finding.fix for finding in hidden if finding.fix is not None], checks.checked)
    return replace(check(fixed.session(), visible), changes=fixed.changes())


@dataclass(frozen=True)
class _Checks:
    """One check, as far as it has to be done: what was done before is remembered."""

    session: Session

    @cached_property
    def checked(self) -> Checked:
        from padlint.checking import Checked  # the evaluator, and with it LibCST

        make_room()
        return Checked(self.session, self.session.recall("check", Verdict))

    @cached_property
    def verdict(self) -> Verdict:
        known = self.session.recall("check", Verdict)
        if known is None:
            known = self.checked.verdict
            _keep(self.session, "check", known, self.checked.facts)
        return known

    def source(self, path: str) -> Source:
        return self.checked.project.displayed(path)

    def shown(self, visible: Visible | None) -> list[Finding]:
        """The findings that are news."""
        return list(self.verdict.findings) if visible is None else visible(self.verdict.findings, self.source)

    def proved(self, shown: Sequence[Finding]) -> list[Finding]:
        """The findings, each with its fix only if it is proved to mend it and nothing else."""
        if all(finding.fix is None for finding in shown):
            return list(shown)
        name = "\n".join(["proof", *(f"{finding.code} {finding.span} {finding.fix}" for finding in shown)])
        good = self.session.recall(name, list)
        if good is None or len(good) != len(shown):
            from padlint.proof import with_proved_fixes

            proved = with_proved_fixes(self.checked, shown)
            good = [finding.fix is not None for finding in proved]
            self.session.keep(name, good, self.session.disk.facts)
        return [
            finding if holds is True else replace(finding, fix=None) for finding, holds in zip(shown, good, strict=True)
        ]

    def result(self, shown: Sequence[Finding]) -> Result:
        spans = {(finding.code, finding.span) for finding in shown}
        hidden = tuple(finding for finding in self.verdict.findings if (finding.code, finding.span) not in spans)
        verdict = self.verdict
        return Result(
            tuple(shown),
            verdict.problems,
            verdict.notes,
            verdict.incomplete,
            hidden=hidden,
        )


class _Fixed:
    """Texts that fixes change, with their bytes before."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._texts = dict(session.overlay)
        self._before = dict(session.overlay)
        self._counts: Counter[str] = Counter()

    def session(self) -> Session:
        """The same request over the changed texts."""
        return self._session.over(self._texts) if self._counts else self._session

    def apply(self, wanted: Sequence[Fix], checked: Checked) -> None:
        from padlint import fixes

        chosen = fixes.compatible(wanted)
        for path in {edit.span.path for each in chosen for edit in each.edits}:
            source = checked.project.displayed(path)
            self._before.setdefault(path, source.encode(source.text))
            self._texts[path] = source.encode(fixes.apply(source, chosen))
            self._counts[path] += sum(any(edit.span.path == path for edit in each.edits) for each in chosen)

    def changes(self) -> tuple[Change, ...]:
        counts = sorted(self._counts.items())
        return tuple(Change(path, self._before[path], self._texts[path], count) for path, count in counts)
