"""One check of some files: their texts, what is wrong in them, and what hides it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from padlint.checks import rules
from padlint.config import Settings
from padlint.diagnose import Diagnosed, Diagnosis
from padlint.disk import Disk
from padlint.errors import UnreadableError
from padlint.finding import Finding, Fix
from padlint.layers.base import Shape, Tensor
from padlint.project import Project, find_roots
from padlint.repairs import as_fix
from padlint.result import Verdict
from padlint.select import Selection, selection
from padlint.session import Overlay, Session
from padlint.suppress import Comments, Use, comments_of
from padlint.syntax.source import Source
from padlint.written import argument_span

_MARKS = ("torch", "keras", "nn.")


def open_project(paths: Sequence[str], settings: Settings, overlay: Overlay) -> tuple[Project, list[Path], list[str]]:
    """The project around some files, the files that can be read, and what cannot."""
    disk = Disk(overlay)
    found = [Path(path) for path in paths]
    search = [Path(settings.root) / folder for folder in settings.search_path]
    project = Project(find_roots(found, search, disk), disk, {Path(path).resolve(): path for path in paths})
    for name, data in overlay.items():
        project.sources[Path(name).resolve()] = Source.from_bytes(data, name)
    readable: list[Path] = []
    problems: list[str] = []
    for path in found:
        try:
            project.source(path)
        except UnreadableError as problem:
            problems.append(str(problem))
        else:
            readable.append(path)
    return project, readable, problems


def matters(source: Source) -> bool:
    """Can this text have to do with layers at all?"""
    return any(mark in source.text for mark in _MARKS)


class Checked:
    """One check of some files. `known`: what is already known to come of it."""

    def __init__(self, session: Session, known: Verdict | None = None) -> None:
        self.session, self.settings = session, session.settings
        self.project, self.readable, problems = open_project(session.paths, session.settings, session.overlay)
        self.notes: list[str] = []
        self.selection: Selection = selection(session.settings, rules())
        self.diagnosis = Diagnosis(self.project, session.settings, session.progress)
        self.verdict = known or self._verdict(problems)

    def _verdict(self, problems: Sequence[str]) -> Verdict:
        found = [finding for finding in self._found() if finding.code in self.selection.codes(finding.span.path)]
        read = tuple(map(str, self.project.sources))
        return Verdict(tuple(found), tuple(problems), tuple(self.notes), read)

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


def _sizes(shape: Shape) -> tuple[int | str, ...]:
    return tuple(size if isinstance(size, int) else str(size) for size in shape)
