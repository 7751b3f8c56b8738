"""One task done: a part of a file evaluated, and what came of it as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal

from padlint.checks.base import Problem
from padlint.config import Settings
from padlint.diagnose import Diagnosed, Diagnosis
from padlint.disk import Facts
from padlint.errors import within_bounds
from padlint.evaluate.budget import Budget
from padlint.evaluate.roots import Run
from padlint.evaluate.session import entered_statements, run_task, sequentials_of
from padlint.finding import Finding, Fix, Place, Reason, Span
from padlint.hearing import heard
from padlint.intent import Declarations
from padlint.keras.tables import KerasTables
from padlint.layers.base import Shape, Tensor
from padlint.project import Project
from padlint.repairs import as_fix
from padlint.session import spacious
from padlint.shapes import Tables, variant_key
from padlint.units import Candidate, Task, Unit, Variant, spelt
from padlint.where import where
from padlint.written import argument_span

Wanted = Literal["check", "shapes"]
ENOUGH = 3_000_000
"""Characters of files after which what was read out of them is let go; it takes about ten times the room of the text."""


class Worker:
    """Does the tasks of one project, one after the other, each in a world of its own."""

    def __init__(self, project: Project, settings: Settings) -> None:
        self.project, self.settings = project, settings
        self._said: Declarations | None = None
        self._read = 0

    def do(self, wanted: Wanted, task: Task) -> tuple[Unit, Facts]:
        """What comes of a task, and what of the disk says so. Raises PadlintError for a user's mistake."""
        with self.project.disk.watched() as facts:
            unit = within_bounds(lambda: self._done(wanted, task), partial(failed, task))
        self._rest(task)
        return unit, facts

    def _done(self, wanted: Wanted, task: Task) -> Unit:
        diagnosis = Diagnosis(self.project, self.settings, self._said)
        self._said = diagnosis.declarations
        inputs, fallback = diagnosis.declarations.inputs, diagnosis.declarations.command_line()
        runs = run_task(diagnosis.world, task, inputs, fallback)
        tell = self._candidates if wanted == "check" else self._tables
        unit = spacious(lambda: tell(diagnosis, runs))
        built = spelt(diagnosis.bindings)
        entered = entered_statements(diagnosis.world)
        budget = diagnosis.world.budget
        unit = replace(
            unit,
            built=built,
            settled=spelt(dict.fromkeys(diagnosis.settled, ())),
            entered=entered,
            sequentials=sequentials_of(diagnosis.world, task),
            spent=budget.spent,
            left_out=given_up(budget),
            heard=tuple(heard(diagnosis.world, diagnosis.declarations, diagnosis.ended)) if wanted == "check" else (),
        )
        diagnosis.world.end()
        return unit

    def _rest(self, task: Task) -> None:
        """Let go, from time to time, of what was read out of the files."""
        self._read += len(self.project.source(Path(task.file)).text)
        if self._read > ENOUGH:
            self._read = 0
            self.project.release()

    def _candidates(self, diagnosis: Diagnosis, runs: Iterable[Run]) -> Unit:
        told = _Telling(diagnosis)
        return Unit({}, {}, candidates=tuple(told.candidate(each) for each in diagnosis.diagnose(runs)))

    def _tables(self, diagnosis: Diagnosis, runs: Iterable[Run]) -> Unit:
        def locate(place: Place) -> Span:
            return diagnosis.source(place.path).span(place)

        def surveyed() -> Iterator[Run]:
            for run in runs:
                diagnosis.survey(run)
                yield run

        title = diagnosis.declarations.title
        keras = KerasTables(locate, title)
        tables = Tables(locate, title)
        torch = [each for run in keras.watched(surveyed()) for each in tables.variants(run)]
        other = [
            Variant(place, variant_key(key), each) for place, kept in keras.found.items() for key, each in kept.items()
        ]
        return Unit({}, {}, torch=tuple(torch), keras=tuple(other))


def failed(task: Task, why: str) -> Unit:
    """What comes of a task that could not be done."""
    return Unit({}, {}, failed=f"{task.path}: not analysed: {why}")


def given_up(budget: Budget) -> dict[str, dict[str, tuple[int, ...]]]:
    """What was left out, as plain data."""
    return {
        path: {reason: tuple(sorted(statements)) for reason, statements in reasons.items()}
        for path, reasons in budget.left_out.items()
    }


class _Telling:
    """Problems as findings."""

    def __init__(self, diagnosis: Diagnosis) -> None:
        self._diagnosis = diagnosis

    def candidate(self, diagnosed: Diagnosed) -> Candidate:
        problem = diagnosed.problem
        made = [self._fix(index, diagnosed) for index in range(len(problem.repairs))]
        fixes = tuple(fix for fix in made if fix is not None)
        at = diagnosed.called_from
        return Candidate(
            place=problem.place,
            own=diagnosed.own,
            code=problem.code,
            certain=diagnosed.certain,
            guilty=tuple(sorted(diagnosed.guilty)),
            binding=tuple(diagnosed.binding.items()) if diagnosed.binding else None,
            called_from=self._where(at, problem.place) if at is not None else None,
            root=diagnosed.root,
            finding=self._finding(diagnosed),
            fixes=fixes,
            unique=(bool(fixes) and not problem.elsewhere) or len(fixes) == 1,
        )

    def _where(self, place: Place, near: Place) -> str:
        """Where a place is, for those who read of it at another one."""
        return where(self._span(place), self._span(near))

    def _span(self, place: Place) -> Span:
        return self._diagnosis.source(place.path).span(place)

    def _reason(self, reason: Reason, near: Place) -> str:
        told = self._where(reason.place, near) if reason.place is not None else ""
        return f"{reason.before}{told}{reason.after}"

    def _message(self, problem: Problem) -> str:
        others = list(dict.fromkeys(self._where(place, problem.place) for place in problem.too))
        return f"{problem.message} ({', '.join(others)} too)" if others else problem.message

    def _finding(self, diagnosed: Diagnosed) -> Finding:
        problem = diagnosed.problem
        source = self._diagnosis.source(problem.place.path)
        highlight = None
        if problem.argument is not None:
            names = self._diagnosis.signatures.get(problem.place, ())
            highlight = argument_span(source, problem.place, problem.argument, names, whole=True)
        op = problem.op
        instance = op.instance if op is not None else diagnosed.built.instance if diagnosed.built is not None else None
        return Finding(
            code=problem.code,
            name="",
            message=self._message(problem),
            severity="error",
            span=source.span(problem.place),
            highlight=highlight,
            model=diagnosed.model,
            layer=diagnosed.layer,
            layer_type=instance.cls.dotted if instance is not None else None,
            input_shape=_sizes(op.inputs[0].shape) if op and op.inputs and isinstance(op.inputs[0], Tensor) else None,
            output_shape=_sizes(op.output.shape) if op and isinstance(op.output, Tensor) else None,
            expected_shape=_sizes(problem.expected) if problem.expected is not None else None,
            evidence=tuple(self._reason(each, problem.place) for each in problem.evidence),
            picture=problem.picture,
        )

    def _fix(self, index: int, diagnosed: Diagnosed) -> Fix | None:
        problem = diagnosed.problem
        repair, names = problem.repairs[index], self._diagnosis.signatures
        fix = as_fix(repair, self._diagnosis.source, names, problem.declared)
        places = dict.fromkeys(change.place for change in repair.changes)
        if fix is None or problem.place in places:
            return fix
        told = ", ".join(dict.fromkeys(self._where(place, problem.place) for place in places))
        return replace(fix, message=f"{fix.message} at {told}")


def _sizes(shape: Shape) -> tuple[int | str, ...]:
    return tuple(size if isinstance(size, int) else str(size) for size in shape)
