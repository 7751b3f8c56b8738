"""One check of some files: their texts, what is wrong in them, and what hides it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from padlint.callers import callers
from padlint.checks import rules
from padlint.evaluation import evaluated, failed, left_out
from padlint.finding import Finding
from padlint.keras.named import misnamed
from padlint.project import Project, given_up, matters, open_project, unparsed
from padlint.result import Verdict
from padlint.select import Selection, selection
from padlint.session import Session
from padlint.suppress import Comments, Use, about_text, comments_of
from padlint.unheard import Unheard
from padlint.units import Merged, Unit, merged


class Checked:
    """One check of some files. `known`: what is already known to come of it, `before`: another check of the same files, with
    other texts over them. `facts`: what of the disk was asked for it."""

    def __init__(self, session: Session, known: Verdict | None = None, before: Checked | None = None) -> None:
        self.session = session
        with session.disk.watched() as self.facts:
            read: Project | None = before.project if before is not None else None
            opened = open_project(session.paths, session.settings, session.overlay, session.disk, read)
            self.project: Project
            self.project, self.readable, problems = opened
            self.selection: Selection = selection(session.settings, rules())
            self.verdict = known or self._verdict(problems)

    def _verdict(self, problems: Sequence[str]) -> Verdict:
        sources = [self.project.source(path) for path in self.readable]
        comments = [comments_of(source) for source in sources]
        silent = [each for each in sources if "PAD001" not in self.selection.codes(each.path)]
        notes = [*given_up(sources), *unparsed(silent)]
        units = self.units
        notes += left_out(units, self.project)
        said = [finding for each in comments for finding in each.findings]
        wrong = [each for source in sources for each in misnamed(source, self.project)]
        said += [about_text("PAD002", message, span) for span, message in wrong]
        unheard = Unheard(self.session.settings, self.project, sources, units)
        said += unheard.findings(span for span, _ in wrong)
        notes += unheard.notes()
        found = self._selected([self._finding(each) for each in merged(units)])
        findings = self._selected([*said, *self._unsuppressed(found, comments)])
        incomplete = {each.path for each in sources if each.not_analysed} | {
            each.path for each in silent if each.problems
        }
        incomplete.update(path for unit in units for path in unit.left_out)
        return Verdict(tuple(findings), (*problems, *failed(units)), tuple(notes), tuple(sorted(incomplete)))

    @cached_property
    def units(self) -> list[Unit]:
        wanted = [path for path in self.readable if matters(self.project.source(path))]
        calling = dict(callers(self.session, self.project, wanted))
        # A file that names no torch has to do with layers if it calls what has.
        wanted += [path for path in self.readable if calling.pop(self.project.disk.real(path), None) is not None]
        return evaluated("check", self.session, self.project, wanted, calling)

    def _selected(self, found: Iterable[Finding]) -> list[Finding]:
        return [finding for finding in found if finding.code in self.selection.codes(finding.span.path)]

    def _unsuppressed(self, selected: list[Finding], comments: list[Comments]) -> Iterator[Finding]:
        """What no comment hides, and the comments of these files that hide nothing; a helper that was not named may hide
        what is found in it."""
        used: set[Use] = set()
        own = {each.source.path for each in comments}
        beyond = {finding.span.path for finding in selected} - own
        hiders = [*comments, *(comments_of(self.project.displayed(path)) for path in sorted(beyond))]
        for finding in selected:
            hiding = [use for each in hiders for use in each.hiding(finding)]
            used.update(hiding)
            if not hiding:
                yield finding
        for each in comments:
            yield from each.unused(used, self.selection.selected)

    def _finding(self, found: Merged) -> Finding:
        """The finding with what only all units together, and the settings, say of it."""
        candidate, rule = found.candidate, rules()[found.code]
        fixes = candidate.fixes if found.code in self.selection.fixable else ()
        binding = candidate.binding if found.some else None
        message = candidate.finding.message
        if binding:
            said = ", ".join(f"{name}={value}" for name, value in binding)
            where = f", called at {candidate.called_from}" if candidate.called_from is not None else ""
            model = f" for {candidate.root}" if candidate.root is not None else ""
            message = f"{message} (with {said}{where}{model})"
        return replace(
            candidate.finding,
            code=found.code,
            name=rule.name,
            message=message,
            severity=self.selection.severities.get(found.code, rule.severity),
            binding=binding,
            fix=fixes[0] if fixes and candidate.unique else None,
            alternatives=fixes[1:] if candidate.unique else fixes,
        )
