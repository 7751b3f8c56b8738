"""From files to results: reads them, runs their roots, and gives tables, findings and fixed texts."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from padlint import fixes
from padlint.checks import rules
from padlint.config import Settings
from padlint.diagnose import Diagnosed, Diagnosis
from padlint.errors import UnreadableError
from padlint.finding import Finding, Fix
from padlint.layers.base import Shape, Tensor
from padlint.project import Project, find_roots
from padlint.repairs import argument_span, as_fix
from padlint.result import Change, Result, Shapes
from padlint.select import Selection, selection
from padlint.shapes import tables
from padlint.suppress import Comments, Use, comments_of
from padlint.syntax.source import Source

RECURSION = 20_000
ROUNDS = 10
_MARKS = ("torch", "keras", "nn.")

Overlay = Mapping[str, bytes]


# ---------------------------------------------------------------- files


def open_project(paths: Sequence[str], settings: Settings, overlay: Overlay) -> tuple[Project, list[Path], list[str]]:
    """The project around some files, the files that can be read, and what cannot."""
    found = [Path(path) for path in paths]
    search = [Path(settings.root) / folder for folder in settings.search_path]
    project = Project(find_roots(found, search))
    for name, data in overlay.items():
        project.sources[Path(name).resolve()] = Source.from_bytes(data, name)
    readable: list[Path] = []
    problems: list[str] = []
    for path in found:
        try:
            project.source(path, str(path))
        except UnreadableError as problem:
            problems.append(str(problem))
        else:
            readable.append(path)
    return project, readable, problems


def matters(source: Source) -> bool:
    """Can this text have to do with layers at all?"""
    return any(mark in source.text for mark in _MARKS)


# ---------------------------------------------------------------- shapes


def shapes(paths: Iterable[str], settings: Settings) -> Shapes:
    """Every Sequential that these files build."""
    sys.setrecursionlimit(RECURSION)
    project, readable, problems = open_project(list(paths), settings, {})
    wanted = [path for path in readable if matters(project.source(path))]
    diagnosis = Diagnosis(project, settings)
    entries = tables(diagnosis.run(wanted), lambda place: diagnosis.source(place.path).span(place))
    own = {project.source(path).path for path in wanted}
    return Shapes(tuple(entry for entry in entries if entry.path in own), tuple(problems))


# ---------------------------------------------------------------- findings


def check(paths: Sequence[str], settings: Settings, overlay: Overlay) -> Result:
    """What is wrong in these files, with the fixes that are proved to mend it."""
    sys.setrecursionlimit(RECURSION)
    checked = _Checked(paths, settings, overlay)
    proved = tuple(checked.with_proved_fix(finding) for finding in checked.findings)
    return Result(proved, tuple(checked.problems), tuple(checked.notes))


def fix(paths: Sequence[str], settings: Settings, overlay: Overlay, unsafe: bool) -> Result:
    """Apply fixes round by round until none is left; what remains is found in the changed texts."""
    sys.setrecursionlimit(RECURSION)
    before = {path: data for path, data in overlay.items()}
    texts = dict(overlay)
    counts: dict[str, int] = {}
    for _ in range(ROUNDS):
        checked = _Checked(paths, settings, texts)
        chosen = fixes.compatible(checked.applicable(unsafe))
        changed = {edit.span.path for each in chosen for edit in each.edits}
        if not changed:
            break
        for path in changed:
            source = checked.project.displayed(path)
            before.setdefault(path, source.encode(source.text))
            texts[path] = source.encode(fixes.apply(source, chosen))
            counts[path] = counts.get(path, 0) + sum(any(e.span.path == path for e in each.edits) for each in chosen)
    result = check(paths, settings, texts)
    changes = tuple(Change(path, before[path], texts[path], count) for path, count in sorted(counts.items()))
    return replace(result, changes=changes)


class _Checked:
    """One check of some files."""

    def __init__(self, paths: Sequence[str], settings: Settings, overlay: Overlay) -> None:
        self.paths, self.settings, self.overlay = paths, settings, overlay
        self.project, self.readable, self.problems = open_project(paths, settings, overlay)
        self.notes: list[str] = []
        self.selection: Selection = selection(settings, rules())
        self.diagnosis = Diagnosis(self.project, settings)
        found = list(self._found())
        self.findings = [finding for finding in found if finding.code in self.selection.codes(finding.span.path)]

    def _found(self) -> Iterator[Finding]:
        sources = [self.project.source(path) for path in self.readable]
        comments = [comments_of(source) for source in sources]
        yield from (finding for each in comments for finding in each.findings)
        for source in sources:
            self.notes.extend(f"{p.span.path}:{p.line}: {p.message}" for p in source.not_analysed)
        wanted = [path for path in self.readable if matters(self.project.source(path))]
        diagnosed = self.diagnosis.diagnose(wanted)
        found = [self._finding(each) for each in diagnosed]
        yield from self._unsuppressed(found, comments)

    def _unsuppressed(self, found: list[Finding], comments: list[Comments]) -> Iterator[Finding]:
        selected = [f for f in found if f.code in self.selection.codes(f.span.path)]
        used: set[Use] = set()
        for finding in selected:
            hiding = [use for each in comments for use in each.hiding(finding)]
            used.update(hiding)
            if not hiding:
                yield finding
        for each in comments:
            yield from each.unused(used, self.selection.selected)

    # ------------------------------------------------------------ one finding

    def _finding(self, diagnosed: Diagnosed) -> Finding:
        problem = diagnosed.problem
        rule = rules()[problem.code]
        source = self.diagnosis.source(problem.place.path)
        span = source.span(problem.place)
        highlight = None
        if problem.argument is not None:
            layer = self.diagnosis.layers.get(problem.place)
            highlight = argument_span(source, problem.place, problem.argument, layer, whole=True)
        op = problem.op
        instance = op.instance if op is not None else diagnosed.built.instance if diagnosed.built is not None else None
        made = [self._fix(repair_index, diagnosed) for repair_index in range(len(problem.repairs))]
        candidates = [fix for fix in made if fix is not None]
        unique = (bool(candidates) and not problem.elsewhere) or len(candidates) == 1
        fixable = problem.code in self.selection.fixable
        message = problem.message
        if diagnosed.binding:
            said = ", ".join(f"{name}={value}" for name, value in diagnosed.binding.items())
            at = diagnosed.called_from
            where = f", called at line {self.diagnosis.source(at.path).span(at).start.line}" if at is not None else ""
            message = f"{message} (with {said}{where})"
        return Finding(
            code=problem.code,
            name=rule.name,
            message=message,
            severity=self.selection.severities.get(problem.code, rule.severity),
            span=span,
            highlight=highlight,
            model=diagnosed.model,
            layer=diagnosed.layer,
            layer_type=instance.cls.dotted if instance is not None else None,
            input_shape=_sizes(op.inputs[0].shape) if op and op.inputs and isinstance(op.inputs[0], Tensor) else None,
            output_shape=_sizes(op.output.shape) if op and isinstance(op.output, Tensor) else None,
            expected_shape=_sizes(problem.expected) if problem.expected is not None else None,
            binding=tuple(diagnosed.binding.items()) if diagnosed.binding else None,
            evidence=problem.evidence,
            fix=candidates[0] if unique and fixable else None,
            alternatives=tuple(candidates[1:] if unique else candidates) if fixable else (),
            picture=problem.picture,
        )

    def _fix(self, index: int, diagnosed: Diagnosed) -> Fix | None:
        problem = diagnosed.problem
        return as_fix(problem.repairs[index], self.diagnosis.source, self.diagnosis.layers.get, problem.declared)

    # ------------------------------------------------------------ proving fixes

    def applicable(self, unsafe: bool) -> Iterator[Fix]:
        for finding in self.findings:
            proved = self.with_proved_fix(finding).fix
            allowed = proved is not None and (unsafe or proved.applicability == "safe")
            if proved is not None and allowed:
                yield proved

    def with_proved_fix(self, finding: Finding) -> Finding:
        """The finding with a fix only if checking the fixed text shows that it is gone, and nothing new."""
        offered = [fix for fix in (finding.fix, *finding.alternatives) if fix is not None]
        if not offered:
            return finding
        kept = [fix for fix in offered if self._mends(fix, finding)]
        chosen = finding.fix if finding.fix in kept else None
        if finding.fix is not None and chosen is None:
            chosen = kept[0] if kept else None
        return replace(finding, fix=chosen, alternatives=tuple(fix for fix in kept if fix is not chosen))

    def _mends(self, fix: Fix, finding: Finding) -> bool:
        if not {edit.span.path for edit in fix.edits} <= {self.project.source(path).path for path in self.readable}:
            return False
        texts = dict(self.overlay)
        for path in {edit.span.path for edit in fix.edits}:
            source = self.project.displayed(path)
            text = fixes.apply(source, [fix])
            if not fixes.parses(source, text):
                return False
            texts[path] = source.encode(text)
        after = _Checked(self.paths, self.settings, texts)
        before = _counted(self.findings)
        left = _counted(after.findings)
        identity = _identity(finding)
        return left.get(identity, 0) < before[identity] and all(n <= before.get(key, 0) for key, n in left.items())


def _identity(finding: Finding) -> tuple[str, str, str | None]:
    """What a finding is about, whatever line it is on."""
    return finding.code, finding.span.path, finding.model


def _counted(findings: Iterable[Finding]) -> dict[tuple[str, str, str | None], int]:
    counted: dict[tuple[str, str, str | None], int] = {}
    for finding in findings:
        counted[_identity(finding)] = counted.get(_identity(finding), 0) + 1
    return counted


def _sizes(shape: Shape) -> tuple[int | str, ...]:
    return tuple(size if isinstance(size, int) else str(size) for size in shape)
