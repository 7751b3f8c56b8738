"""From runs to problems: every rule on every run, causes found, what holds for some paths or bindings told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import InitVar, dataclass, field, replace
from itertools import groupby
from pathlib import Path

from padlint.arithmetic.dims import Unknown
from padlint.blame import localise
from padlint.checks import rules
from padlint.checks.base import Change, Problem, Trace
from padlint.checks.layer import shape_text
from padlint.checks.passed import given_at, moved, positional
from padlint.checks.use import names_of
from padlint.checks.views import mixes_samples
from padlint.config import Settings
from padlint.evaluate.library.torch_functions import as_layer, as_pad_layer
from padlint.evaluate.modules import torch_base_layer, torch_layer
from padlint.evaluate.protocols import container_kind
from padlint.evaluate.record import Built, Op, Record
from padlint.evaluate.roots import Run, run_definition, run_module
from padlint.evaluate.session import run_files
from padlint.evaluate.survey import Survey
from padlint.evaluate.values import ClassValue, Instance, Value
from padlint.evaluate.world import World
from padlint.evidence import is_data, source_of
from padlint.finding import Place, Reason
from padlint.hearing import hear
from padlint.intent import Declarations
from padlint.layers.base import Tensor
from padlint.project import Project
from padlint.select import opted_in
from padlint.shapes import binding
from padlint.syntax.source import Source
from padlint.units import apart, token


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """A problem with the layer it is about. `own` is the code of its rule, the problem's code the first of all rules that
    spoke; `guilty` are the bindings that it holds for, `binding` is one of them, `root` the model that is built with it where
    that is another definition; `certain`: a rule gave evidence."""

    problem: Problem
    own: str
    certain: bool
    guilty: frozenset[str]
    built: Built | None
    binding: Mapping[str, str] | None
    called_from: Place | None
    root: str | None
    model: str | None
    layer: str | None


@dataclass(eq=False, slots=True)
class Diagnosis:
    """One analysis of some files of a project, in a world of its own. `said`: what is declared, where that is known from
    an earlier one of the same project."""

    project: Project
    settings: Settings
    said: InitVar[Declarations | None] = None
    world: World = field(init=False)
    declarations: Declarations = field(init=False)
    signatures: dict[Place, tuple[str, ...]] = field(default_factory=dict)
    bindings: dict[Place, set[str]] = field(default_factory=dict)
    signed: dict[int, int] = field(default_factory=dict)
    settled: set[Place] = field(default_factory=set)
    ended: str | None = None

    def __post_init__(self, said: Declarations | None) -> None:
        fresh = Declarations(self.settings, self.source, self.module_name)
        self.declarations = fresh if said is None else said.again(self.module_name)
        self.world = World(self.project, marks=self.declarations.marks)

    def module_name(self, path: str) -> str:
        return next((module.name for module in self.world.modules.values() if module.path == path), path)

    def source(self, path: str) -> Source:
        """The source that a place lies in."""
        return self.project.displayed(path)

    def diagnose(self, runs_of_all: Iterable[Run]) -> list[Diagnosed]:
        """Every problem of some roots; the runs of one root follow one another."""
        found: list[tuple[Problem, Run]] = []
        asked = opted_in(self.settings, rules())
        for _, runs in groupby(runs_of_all, key=lambda run: (run.root, run.place)):
            root = list(runs)
            for run in root:
                self.survey(run)
            if all(run.reached for run in root):
                for run in root:
                    self._hear(run)
                found.extend(self._of_root(root, asked))
        return self._merged(found)

    def run(self, paths: Iterable[Path]) -> Iterator[Run]:
        """Every run of every root of these files."""
        return run_files(self.world, paths, self.declarations.inputs, self.declarations.command_line())

    def _hear(self, run: Run) -> None:
        """Keep what became of what is declared."""
        hear(run, self.declarations)
        if run.record.given_up is not None and "raises" not in run.record.given_up:
            self.ended = run.record.given_up

    def survey(self, run: Run) -> None:
        """Keep what is needed when findings are told: which layers were built where, for which bindings; and when fixes are
        proved: which gave shapes that are known, or were refused."""
        texts: dict[int, str] = {}
        for built in run.record.built:
            key = id(built.frames[-1]) if built.frames else 0
            if key not in texts:
                texts[key] = _token(built)
            self.bindings.setdefault(built.place, set()).add(texts[key])
            self._sign(built)
        for keras in run.record.keras:
            self.bindings.setdefault(keras.made.place, set())
        for op in run.record.ops:
            if op.kind != "module" and (op.refusal is not None or _is_known(op.output)):
                self.settled.add(op.place if op.instance is None else op.instance.place)
        for index, record in enumerate(run.record.others):
            for built in record.built[self.signed.get(index, 0) :]:
                self._sign(built)
            self.signed[index] = len(record.built)

    def _sign(self, built: Built) -> None:
        """Keep what the arguments are called of the layers of torch."""
        if built.place not in self.signatures and (layer := torch_base_layer(built.instance)) is not None:
            self.signatures[built.place] = names_of(layer)

    # ------------------------------------------------------------ one root

    def _of_root(self, runs: list[Run], asked: frozenset[str]) -> Iterator[tuple[Problem, Run]]:
        """What holds on every path that comes by, at the layers at fault."""
        by_run = [list(problems_of(Trace(run, self.declarations), asked)) for run in runs]
        keys = [{problem.key for problem in problems} for problems in by_run]
        baseline = set().union(*keys)
        done: set[tuple[str, Place]] = set()
        for run, problems in zip(runs, by_run, strict=True):
            for problem in problems:
                if problem.key in done or not _on_every_path(problem, runs, keys) or not _sure(problem, run):
                    continue
                done.add(problem.key)
                yield self._located(problem, run, baseline), run

    def _located(self, problem: Problem, run: Run, baseline: set[tuple[str, Place]]) -> Problem:
        """The problem where its cause lies, as far as running the root with other arguments tells."""

        def mends(changes: Sequence[Change]) -> bool:
            left = self._again(run, changes, problem) if not self.world.budget.used_up else baseline
            return problem.key not in left and left <= baseline

        found = localise(problem, run.record, self.source, mends) if problem.elsewhere else problem
        found = self._at_giver(found, run.record, mends)
        if self.world.budget.used_up:  # not everything was tried, and what is the only repair is not known
            return problem
        self._know_functions({change.place for repair in found.repairs for change in repair.changes}, run.record)
        if found.place == problem.place or not problem.elsewhere:
            return found
        return replace(found, evidence=(*problem.evidence, Reason("", problem.place, f": {problem.message}")))

    def _at_giver(self, problem: Problem, record: Record, mends: Callable[[Sequence[Change]], bool]) -> Problem:
        """The problem of an argument that is only passed on at the call that gives it, where another value there mends."""
        built = (
            record.making(problem.op.instance) if problem.op is not None and problem.op.instance is not None else None
        )
        if built is None or built.place != problem.place or problem.argument is None or problem.elsewhere:
            return problem
        given = given_at(built, problem.argument, self.source)
        if given is None:
            return problem
        repairs = [moved(repair, problem.place, problem.argument, given) for repair in problem.repairs]
        good = tuple(each for each in repairs if each is not None and not each.insertions and mends(each.changes))
        if not good:
            return problem
        evidence = (*problem.evidence, Reason(f"the layer that gets {given.argument} is built at ", problem.place))
        return replace(problem, place=given.place, argument=given.argument, repairs=good, evidence=evidence)

    def _know_functions(self, places: set[Place], record: Record) -> None:
        """Keep what the arguments are called of the functions whose calls a repair changes."""
        for op in record.ops:
            if op.place in places and (layer := torch_layer(as_layer(op) or as_pad_layer(op))) is not None:
                self.signatures.setdefault(op.place, names_of(layer))
        for built in record.everything_built():
            for frame in built.frames:
                if frame.place in places:
                    self.signatures.setdefault(frame.place, positional(frame))

    def _again(self, run: Run, changes: Sequence[Change], problem: Problem) -> set[tuple[str, Place]]:
        """What is wrong when a root is run with other arguments, to mend a problem."""
        values: dict[Place, dict[str, Value]] = {}
        for change in changes:
            if isinstance(change.argument, str):
                values.setdefault(change.place, {})[change.argument] = change.value
        world = World(self.project, values, self.world.budget, self.declarations.marks)
        module = next((m for m in self.world.modules.values() if m.path == run.place.path), None)
        again = world.module_at(Path(str(module.names["__file__"]))) if module is not None else None
        if again is None:
            return set()
        fallback = self.declarations.command_line()
        if run.root == again.name:
            survey = Survey(world)
            survey.of(again)
            statements = survey.statements[again]
            runs: Iterable[Run] = [run_module(world, again, statements, self.declarations.inputs, fallback)]
        else:
            header = again.source.statements[run.place.statement]
            runs = run_definition(world, again, header, run.root, self.declarations.inputs, fallback)
        aside = self.declarations.aside()
        traces = [Trace(each, aside) for each in runs]
        left = {found.key for trace in traces for found in problems_of(trace)}
        return left | {problem.key for trace in traces if mixes_samples(problem, trace)}

    def _named(self, built: Built | None, op: Op | None, record: Record) -> tuple[str | None, str | None]:
        """`Net.features` and `3`: where a layer hangs in its model, as far as it is known; of a function, the class whose
        forward calls it, or the function that does."""
        if built is None:
            return (_around(op, record) if op is not None else None), None
        path: list[str] = []
        at = built.instance
        while (found := owner(at, record)) is not None and len(path) < 50:
            at = found[0]
            path.insert(0, found[1])
            if isinstance(at.cls, ClassValue) and container_kind(at) is None:
                return ".".join([at.cls.name, *path[:-1]]), path[-1]
        name = self.declarations.name(at.place)
        top = name.partition(":")[2] if name is not None else built.qualname or self.declarations.bound(at.place)
        named = [top] if top is not None else []
        return (".".join([*named, *path[:-1]]) or None, path[-1]) if path else (top, None)

    def _other_root(self, run: Run, built: Built) -> str | None:
        """What a run is of, where it is neither a file's own statements nor what built this."""
        known = (self.module_name(run.place.path), built.qualname.partition(".")[0])
        return run.root if run.root not in known else None

    def _with_source(self, problem: Problem, run: Run) -> Problem:
        """Name the data set or the tool that the sizes come from; what a data set says is no declaration."""
        source = source_of(problem.op, run.record) if problem.op is not None else None
        if source is None or not isinstance(source.output, Tensor):
            return problem
        said = Reason(f"{source.name} at ", source.place, f" gives {shape_text(source.output)}")
        return replace(problem, evidence=(*problem.evidence, said), declared=problem.declared and not is_data(source))

    # ------------------------------------------------------------ all roots

    def _merged(self, found: list[tuple[Problem, Run]]) -> list[Diagnosed]:
        """One problem a layer: the first by code."""
        places: dict[tuple[Place, str], list[tuple[Problem, Run]]] = {}
        for problem, run in found:
            places.setdefault((problem.place, apart(problem.code)), []).append((problem, run))
        result: list[Diagnosed] = []
        for items in places.values():
            problem, run = min(items, key=lambda item: (not item[0].evidence, item[0].code))
            mine = next(iter(_builts(problem, run)), None)
            moved = mine is not None and mine.place != problem.place
            result.append(
                Diagnosed(
                    self._with_source(replace(problem, code=min(each.code for each, _ in items)), run),
                    problem.code,
                    bool(problem.evidence),
                    frozenset(_token(built) for each, r in items for built in _builts(each, r)),
                    mine,
                    binding(mine.frames) if mine is not None and not moved else None,
                    mine.frames[-1].place if mine is not None and mine.frames and not moved else None,
                    self._other_root(run, mine) if mine is not None else None,
                    *self._named(mine, problem.op, run.record),
                )
            )
        return result


def owner(module: Value, record: Record) -> tuple[Instance, str] | None:
    """The module that has this one as a child, and its name there."""
    for built in record.everything_built():
        for name, child in built.instance.children.items():
            if child is module:
                return built.instance, name
    return None


def _around(op: Op, record: Record) -> str | None:
    """The class whose forward makes a call that is no module's, else the function that makes it."""
    modules = (record.ops[number].instance for number in reversed(op.within))
    classes = (module.cls.name for module in modules if module is not None and isinstance(module.cls, ClassValue))
    return next(classes, None) or (op.frames[-1].callee.qualname if op.frames else None)


def problems_of(trace: Trace, asked: frozenset[str] = frozenset()) -> Iterator[Problem]:
    """What the rules say of a run. The opt-in rules, which tell of what may well be meant, speak only where they are `asked`."""
    for rule in rules().values():
        if rule.find is not None and (rule.severity != "information" or rule.code in asked):
            yield from rule.find(trace)


def _on_every_path(problem: Problem, runs: list[Run], keys: list[set[tuple[str, Place]]]) -> bool:
    """Nothing is proved by one side of an unknown condition if the other side contradicts it."""
    reached = [_reaches(run, problem.place) for run in runs]
    return all(problem.key in found for found, came in zip(keys, reached, strict=True) if came)


def _sure(problem: Problem, run: Run) -> bool:
    """Were the other sides of all conditions that were decided before it followed too?"""
    if problem.op is not None:
        return problem.op.decided <= run.sure
    return all(built.decided <= run.sure for built in _builts(problem, run))


def _reaches(run: Run, place: Place) -> bool:
    record = run.record
    came = any(built.place == place for built in record.built) or any(op.place == place for op in record.ops)
    return came or place in record.passed


def _builts(problem: Problem, run: Run) -> Iterator[Built]:
    instance = problem.op.instance if problem.op is not None else None
    if instance is None:
        yield from (built for built in run.record.built if built.place == problem.place)
    elif (made := run.record.making(instance)) is not None:
        yield made


def _is_known(value: Value) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_known, value))
    return isinstance(value, Tensor) and not any(isinstance(size, Unknown) for size in value.shape)


def _token(built: Built) -> str:
    return token(repr(binding(built.frames)))
