"""From files to results: what the commands ask for."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from padlint import fixes
from padlint.checking import Checked, Overlay, matters, open_project
from padlint.config import Settings
from padlint.diagnose import Diagnosis
from padlint.finding import Finding, Fix, Place, Span
from padlint.ignores import with_ignores
from padlint.keras.tables import KerasTables
from padlint.progress import SILENT, Progress
from padlint.proof import proved, with_proved_fixes
from padlint.result import Change, Result, Shapes
from padlint.shapes import tables
from padlint.visible import Visible, everything

RECURSION = 10_000
ROUNDS = 10


def shapes(paths: Iterable[str], settings: Settings) -> Shapes:
    """Every Sequential that these files build."""
    sys.setrecursionlimit(RECURSION)
    project, readable, problems = open_project(list(paths), settings, {})
    wanted = [path for path in readable if matters(project.source(path))]
    diagnosis = Diagnosis(project, settings)

    def locate(place: Place) -> Span:
        return diagnosis.source(place.path).span(place)

    title = diagnosis.declarations.title
    keras = KerasTables(locate, title)
    entries = [*tables(keras.watched(diagnosis.run(wanted)), locate, title), *keras.entries()]
    own = {project.source(path).path for path in wanted}
    return Shapes(tuple(entry for entry in entries if entry.path in own), tuple(problems))


def check(
    paths: Sequence[str],
    settings: Settings,
    overlay: Overlay,
    visible: Visible = everything,
    progress: Progress = SILENT,
) -> Result:
    """What is wrong in these files, with the fixes that are proved to mend it."""
    sys.setrecursionlimit(RECURSION)
    checked = Checked(paths, settings, overlay, progress)
    return _result(checked, with_proved_fixes(checked, _shown(checked, visible)))


def fix(
    paths: Sequence[str],
    settings: Settings,
    overlay: Overlay,
    unsafe: bool,
    visible: Visible = everything,
    progress: Progress = SILENT,
) -> Result:
    """Apply fixes round by round until none is left; what remains is found in the changed texts."""
    sys.setrecursionlimit(RECURSION)
    fixed = _Fixed(overlay)
    for _ in range(ROUNDS):
        checked = Checked(paths, settings, fixed.texts, progress)
        findings = with_proved_fixes(checked, _shown(checked, visible))
        offered = [finding.fix for finding in findings if finding.fix is not None]
        chosen = fixes.compatible(each for each in offered if unsafe or each.applicability == "safe")
        if not chosen:
            break
        fixed.apply(chosen, checked)
    else:
        checked = Checked(paths, settings, fixed.texts, progress)
        findings = with_proved_fixes(checked, _shown(checked, visible))
    return replace(_result(checked, findings), changes=fixed.changes())


def ignore(
    paths: Sequence[str],
    settings: Settings,
    overlay: Overlay,
    visible: Visible = everything,
    progress: Progress = SILENT,
) -> Result:
    """Put a comment on every finding that hides it; what remains is found in the changed texts."""
    sys.setrecursionlimit(RECURSION)
    checked = Checked(paths, settings, overlay, progress)
    hidden = proved(checked, with_ignores(_shown(checked, visible), checked.project.displayed))
    fixed = _Fixed(overlay)
    fixed.apply(fixes.compatible(finding.fix for finding in hidden if finding.fix is not None), checked)
    return replace(check(paths, settings, fixed.texts, visible, progress), changes=fixed.changes())


def _shown(checked: Checked, visible: Visible) -> list[Finding]:
    return visible(checked.findings, checked.project.displayed)


def _result(checked: Checked, shown: Sequence[Finding]) -> Result:
    spans = {(finding.code, finding.span) for finding in shown}
    hidden = tuple(finding for finding in checked.findings if (finding.code, finding.span) not in spans)
    read = tuple(map(str, checked.project.sources))
    return Result(tuple(shown), tuple(checked.problems), tuple(checked.notes), hidden=hidden, read=read)


class _Fixed:
    """Texts that fixes change, with their bytes before."""

    def __init__(self, overlay: Overlay) -> None:
        self.texts = dict(overlay)
        self._before = dict(overlay)
        self._counts: Counter[str] = Counter()

    def apply(self, chosen: Sequence[Fix], checked: Checked) -> None:
        for path in {edit.span.path for each in chosen for edit in each.edits}:
            source = checked.project.displayed(path)
            self._before.setdefault(path, source.encode(source.text))
            self.texts[path] = source.encode(fixes.apply(source, chosen))
            self._counts[path] += sum(any(edit.span.path == path for edit in each.edits) for each in chosen)

    def changes(self) -> tuple[Change, ...]:
        counts = sorted(self._counts.items())
        return tuple(Change(path, self._before[path], self.texts[path], count) for path, count in counts)
