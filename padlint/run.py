"""From files to results: what the commands ask for."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace

from padlint import fixes
from padlint.checking import Checked, Overlay, matters, open_project
from padlint.config import Settings
from padlint.diagnose import Diagnosis
from padlint.proof import with_proved_fixes
from padlint.result import Change, Result, Shapes
from padlint.shapes import tables

RECURSION = 20_000
ROUNDS = 10


def shapes(paths: Iterable[str], settings: Settings) -> Shapes:
    """Every Sequential that these files build."""
    sys.setrecursionlimit(RECURSION)
    project, readable, problems = open_project(list(paths), settings, {})
    wanted = [path for path in readable if matters(project.source(path))]
    diagnosis = Diagnosis(project, settings)
    entries = tables(diagnosis.run(wanted), lambda place: diagnosis.source(place.path).span(place))
    own = {project.source(path).path for path in wanted}
    return Shapes(tuple(entry for entry in entries if entry.path in own), tuple(problems))


def check(paths: Sequence[str], settings: Settings, overlay: Overlay) -> Result:
    """What is wrong in these files, with the fixes that are proved to mend it."""
    sys.setrecursionlimit(RECURSION)
    checked = Checked(paths, settings, overlay)
    return Result(tuple(with_proved_fixes(checked)), tuple(checked.problems), tuple(checked.notes))


def fix(paths: Sequence[str], settings: Settings, overlay: Overlay, unsafe: bool) -> Result:
    """Apply fixes round by round until none is left; what remains is found in the changed texts."""
    sys.setrecursionlimit(RECURSION)
    before = dict(overlay)
    texts = dict(overlay)
    counts: dict[str, int] = {}
    for _ in range(ROUNDS):
        checked = Checked(paths, settings, texts)
        findings = with_proved_fixes(checked)
        offered = [finding.fix for finding in findings if finding.fix is not None]
        chosen = fixes.compatible(each for each in offered if unsafe or each.applicability == "safe")
        if not chosen:
            break
        for path in {edit.span.path for each in chosen for edit in each.edits}:
            source = checked.project.displayed(path)
            before.setdefault(path, source.encode(source.text))
            texts[path] = source.encode(fixes.apply(source, chosen))
            counts[path] = counts.get(path, 0) + sum(any(e.span.path == path for e in each.edits) for each in chosen)
    else:
        checked = Checked(paths, settings, texts)
        findings = with_proved_fixes(checked)
    result = Result(tuple(findings), tuple(checked.problems), tuple(checked.notes))
    changes = tuple(Change(path, before[path], texts[path], count) for path, count in sorted(counts.items()))
    return replace(result, changes=changes)
