"""Which `# padlint: input=` directives the code proves: every model that is called with shapes that are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from padlint import fixes
from padlint.arithmetic.dims import Dim, Expr
from padlint.arithmetic.shapes import batched
from padlint.config import Settings
from padlint.diagnose import Diagnosis
from padlint.evaluate.record import Op, Record
from padlint.evaluate.tensors import settled
from padlint.evaluate.values import ClassValue, Function, Value, in_mro, linearised
from padlint.evaluation import passed_over
from padlint.evidence import source_of
from padlint.finding import Edit, Fix, Place
from padlint.intent import Declarations
from padlint.layers.base import Shape, Tensor
from padlint.project import matters, open_project
from padlint.result import Change
from padlint.session import make_room
from padlint.syntax.comments import InputShape
from padlint.syntax.constructs import Constructs
from padlint.syntax.source import Source
from padlint.where import where

_MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """A directive, the edit that writes it on a line of its own above its construct, and the calls that prove it."""

    directive: str
    edit: Edit
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inferred:
    """`changes` are the files with their directives written; `problems` (exit code 2) and `notes` (what was not analysed) are
    lines for standard error."""

    proposals: tuple[Proposal, ...]
    changes: tuple[Change, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Called:
    """One call of a model: the shapes by parameter (None: the first), and where they come from in words."""

    op: Op
    shapes: Mapping[str | None, Shape]
    reason: str


def infer(paths: Sequence[str], settings: Settings) -> Inferred:
    """The directives that these files prove for the classes, Sequentials and assignments in them."""
    make_room()
    project, readable, problems = open_project(paths, replace(settings, inputs=()), {})
    wanted = [path for path in readable if matters(project.source(path))]
    diagnosis = Diagnosis(project, replace(settings, inputs=()))
    sources = {source.path: source for path in wanted if (source := project.source(path))}
    writer = _Writer(sources, diagnosis.declarations)
    proposals = sorted(writer.proposals(_calls(diagnosis, wanted)), key=_order)
    notes = passed_over([project.source(path) for path in readable], diagnosis.world.budget)
    return Inferred(tuple(proposals), tuple(_changes(sources, proposals)), tuple(problems), tuple(notes))


def _order(proposal: Proposal) -> tuple[str, int, int]:
    span = proposal.edit.span
    return span.path, span.cell or 0, span.start.line


def _changes(sources: Mapping[str, Source], proposals: Sequence[Proposal]) -> Iterator[Change]:
    for path, source in sources.items():
        own = [Fix(each.directive, (each.edit,), "safe") for each in proposals if each.edit.span.path == path]
        text = fixes.apply(source, own)
        if own and fixes.parses(source, text):
            yield Change(path, source.encode(source.text), source.encode(text), len(own))


# ---------------------------------------------------------------- calls


def _calls(diagnosis: Diagnosis, paths: Iterable[Path]) -> Iterator[Called]:
    """The calls that the program makes of whole models, with the shapes that are known."""
    for run in diagnosis.run(paths):
        record = run.record
        for op in record.ops[: record.alone]:
            if op.kind != "module" or op.instance is None or not _is_outermost(op, record):
                continue
            if op.guarded or op.place == op.instance.place or _refused(op, record):
                continue
            shapes = dict(_shapes(op))
            if None in shapes:
                yield Called(op, shapes, _reason(op, record, diagnosis))


def _is_outermost(op: Op, record: Record) -> bool:
    """Is the model called by no other than one that only distributes it?"""
    around = [record.ops[number].name for number in op.within]
    return op.name != "DataParallel" and all(name == "DataParallel" for name in around)


def _refused(op: Op, record: Record) -> bool:
    """Does the first layer refuse what comes by its channels or rank? Such a call proves nothing."""
    inside = (each for each in record.ops[op.number :] if each.kind == "layer" and op.number in each.within)
    first = next(inside, None)
    return first is not None and first.refusal is not None and first.refusal.code in ("PAD301", "PAD306")


def _shapes(op: Op) -> Iterator[tuple[str | None, Shape]]:
    """The shapes of the tensors that are passed, each known but for the batch."""
    names = _parameters(op)
    values: list[tuple[str, Value]] = [*zip(names, op.inputs, strict=False), *op.call.keywords.items()]
    for name, value in values:
        tensor = settled(value)
        if isinstance(tensor, Tensor) and tensor.shape and _is_known(tensor.shape):
            yield None if name == names[0] else name, tensor.shape


def _parameters(op: Op) -> list[str]:
    """The names of forward's parameters."""
    forward = in_mro(linearised(op.instance.cls), "forward") if op.instance is not None else None
    if not isinstance(forward, Function):
        return ["input"]
    kinds = ("positional", "positional_only", "keyword_only")
    return [parameter.name for parameter in forward.node.parameters[1:] if parameter.kind in kinds] or ["input"]


def _is_known(shape: Shape) -> bool:
    first, *rest = shape
    return isinstance(first, int | Expr) and all(isinstance(size, int) for size in rest)


def _reason(op: Op, record: Record, diagnosis: Diagnosis) -> str:
    source = source_of(op, record)
    place, word = (op.place, "called") if source is None else (source.place, source.name)
    return f"{word} at {where(diagnosis.source(place.path).span(place))}"


# ---------------------------------------------------------------- directives


@dataclass(eq=False, slots=True)
class _Writer:
    """Finds where directives go, in the sources that were asked for."""

    sources: Mapping[str, Source]
    declarations: Declarations
    constructs: dict[str, Constructs] = field(default_factory=dict)

    def proposals(self, calls: Iterable[Called]) -> Iterator[Proposal]:
        """One for each class whose calls agree, else for each place where it is made and they do."""
        targets: dict[Place, list[Called]] = {}
        for call in calls:
            assert call.op.instance is not None
            cls = call.op.instance.cls
            place = cls.place if isinstance(cls, ClassValue) else call.op.instance.place
            targets.setdefault(place, []).append(call)
        for place, own in targets.items():
            if (shapes := agreed(own)) is not None:
                yield from self._proposal(place, shapes, own)
                continue
            made: dict[Place, list[Called]] = {}
            for call in own:
                if call.op.instance is not None and call.op.instance.place != place:
                    made.setdefault(call.op.instance.place, []).append(call)
            for at, each in made.items():
                if (shapes := agreed(each)) is not None:
                    yield from self._proposal(at, shapes, each)

    def _proposal(self, place: Place, shapes: Mapping[str | None, Shape], own: Sequence[Called]) -> Iterator[Proposal]:
        source = self.sources.get(place.path)
        places = {place, *(call.op.instance.place for call in own if call.op.instance is not None)}
        said = (item for each in places for item in self.declarations.items(each))
        if source is None or any(isinstance(item, InputShape) for item in said):
            return
        edit = self._edit(source, place, directive := f"# padlint: {', '.join(map(_item, shapes.items()))}")
        if edit is not None:
            reasons = tuple(dict.fromkeys(call.reason for call in own))
            yield Proposal(directive, edit, reasons[:_MOST_REASONS])

    def _edit(self, source: Source, place: Place, directive: str) -> Edit | None:
        """A line above the construct; None where a comment there would belong to something else."""
        statement = source.statement(place.statement)
        if statement is None:
            return None
        start = statement.decorated_extent(place.node).start
        line, _ = source.lines.locate(start)
        constructs = self.constructs.setdefault(source.path, Constructs(source))
        if not any(place in construct.places for construct in constructs.starting_on(line)):
            return None
        begin = source.lines.start(line)
        text = source.lines.slice(line, line)
        indent = text[: len(text) - len(text.lstrip(" \t\f"))]
        return Edit(source.span_between(begin, begin), f"{indent}{directive}{source.newline}")


def agreed(calls: Sequence[Called]) -> Mapping[str | None, Shape] | None:
    """The shapes that all calls have; the batch is `N` where it differs or is not known. None where they disagree."""
    found: dict[str | None, Shape] = {}
    for call in calls:
        for name, shape in call.shapes.items():
            known = found.setdefault(name, shape)
            if known[1:] != shape[1:]:
                return None
    batches = {shape[0] for call in calls for shape in call.shapes.values()}
    if all(len({shape[0] for shape in call.shapes.values()}) == 1 for call in calls):
        free = len(batches) > 1 or not all(isinstance(size, int) for size in batches)
        return {name: _batched(shape, free) for name, shape in found.items()}
    settled_batch = {name: {c.shapes[name][0] for c in calls if name in c.shapes} for name in found}
    if any(len(sizes) > 1 or not all(isinstance(s, int) for s in sizes) for sizes in settled_batch.values()):
        return None  # inputs whose first axes are not one batch
    return found


def _batched(shape: Shape, free: bool) -> Shape:
    return batched(shape[1:]) if free else shape


def _item(item: tuple[str | None, Shape]) -> str:
    """`input=(N, 3, 32, 32)`, `input[mask]=(N, 32)`"""
    name, shape = item
    sizes: Sequence[Dim] = shape
    text = ", ".join(map(str, sizes)) + ("," if len(sizes) == 1 else "")
    return f"input{f'[{name}]' if name else ''}=({text})"
