"""For people: the source line with a caret under the argument, the shapes in and out, the evidence, the fix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from padlint.finding import Finding, Fix, Span
from padlint.report.context import Context, shape
from padlint.report.formats.concise import headline
from padlint.report.terminal import SEVERITY_STYLES, printable, styled, width
from padlint.where import exactly, where


def render(findings: Sequence[Finding], context: Context) -> str:
    return "".join("\n".join(_block(finding, context)) + "\n\n" for finding in findings)


def _block(finding: Finding, context: Context) -> Iterator[str]:
    color = context.color
    yield f"{styled(finding.code, SEVERITY_STYLES[finding.severity], color)} {headline(finding, color)}"
    excerpt = _excerpt(finding, context)
    margin = max([3, *(len(number) for number, _ in excerpt)])
    bar = styled("|", "blue", color)
    yield f"{' ' * margin}{styled('-->', 'blue', color)} {printable(exactly(finding.span))}"
    if excerpt:
        yield f"{' ' * margin} {bar}"
        for number, line in excerpt:
            yield f"{styled(number.rjust(margin), 'blue', color)} {bar} {line}".rstrip()
        yield f"{' ' * margin} {bar}"
    for note in _notes(finding):
        yield f"{' ' * margin} {styled('=', 'blue', color)} {note}"
    if finding.picture:
        yield from (f"{' ' * margin} {bar} {printable(line)}".rstrip() for line in finding.picture.splitlines())
    yield from _help(finding, margin, context)


def _excerpt(finding: Finding, context: Context) -> list[tuple[str, str]]:
    """Numbered lines: where the call begins and, with a caret, where the argument stands; "" numbers the caret's."""
    span = finding.span
    marked = finding.highlight or span
    first, last = span.start.line, marked.start.line
    text = context.lines(span.path, span.cell, first, last)
    if first < 1 or len(text) != last - first + 1:
        return []
    found = [(str(first), printable(text[0]))]
    if last > first + 1:
        found.append(("...", ""))
    if last > first:
        found.append((str(last), printable(text[-1])))
    style = SEVERITY_STYLES[finding.severity]
    indent, carets = _caret(text[-1], marked)
    found.append(("", indent + styled(carets, style, context.color)))
    return found


def _caret(line: str, marked: Span) -> tuple[str, str]:
    """The spaces before the caret and the caret, as wide as what it marks on its first line."""
    begin = marked.start.column - 1
    end = marked.end.column - 1 if marked.end.line == marked.start.line else len(line)
    before, under = (width(printable(part)) for part in (line[:begin], line[begin:end]))
    return " " * before, "^" * max(1, under)


def _notes(finding: Finding) -> Iterator[str]:
    shapes = (("", finding.input_shape), ("-> ", finding.output_shape), ("wanted: ", finding.expected_shape))
    known = [label + printable(shape(sizes)) for label, sizes in shapes if sizes is not None]
    if known:
        yield f"shapes: {' '.join(known)}"
    model = ", ".join(printable(part) for part in (finding.model, finding.layer) if part)
    bound = ", ".join(printable(f"{name}={text}") for name, text in finding.binding or ())
    if model or bound:
        yield "model: " + (f"{model} with {bound}" if model and bound else model or f"with {bound}")
    yield from (f"because: {printable(reason)}" for reason in finding.evidence)


def _help(finding: Finding, margin: int, context: Context) -> Iterator[str]:
    head = f"{' ' * margin} {styled('=', 'blue', context.color)}"
    if finding.fix is not None:
        caution = "" if finding.fix.applicability == "safe" else " (unsafe)"
        yield f"{head} fix{caution}: {printable(finding.fix.message)}"
        for sign, line in _changed_lines(finding, finding.fix, context):
            style = {"-": "red", "+": "green"}.get(sign, "blue")
            yield f"{' ' * margin}   {styled(f'{sign} {printable(line)}', style, context.color)}"
    for other in finding.alternatives:
        yield f"{head} or: {printable(other.message)}"


def _changed_lines(finding: Finding, fix: Fix, context: Context) -> Iterator[tuple[str, str]]:
    """What the fix takes away and puts in, for each file that it changes; of another one than the finding's, where."""
    for path, cell in dict.fromkeys((edit.span.path, edit.span.cell) for edit in fix.edits):
        spans = [edit.span for edit in fix.edits if (edit.span.path, edit.span.cell) == (path, cell)]
        first, last = min(span.start.line for span in spans), max(span.end.line for span in spans)
        if (path, cell) != (finding.span.path, finding.span.cell):
            yield "@", where(min(spans, key=lambda span: span.start), finding.span)
        before = context.source(path)
        from padlint import fixes
        from padlint.syntax.source import Source

        after = Source(path, fixes.apply(before, [fix]), before.layout)
        here = replace(context, source={path: after}.__getitem__)
        grown = len(after.lines.starts) - len(before.lines.starts)
        yield from (("-", line) for line in context.lines(path, cell, first, last))
        yield from (("+", line) for line in here.lines(path, cell, first, last + grown))
