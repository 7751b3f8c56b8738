"""From results to what a run leaves behind: written files, the baseline, reports, the summary, the exit code."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from padlint.config import NOT_ANALYSED, SEVERITIES, FailOn, Settings
from padlint.disk import Disk
from padlint.errors import UnreadableError
from padlint.files import Files
from padlint.finding import Finding
from padlint.output import complain, emit, emit_bytes
from padlint.report.deliver import Target, deliver, rendered, statistics, summary
from padlint.report.terminal import printable
from padlint.result import Change, Result

Results = Mapping[Settings, Result]


def leave(
    arguments: Namespace, files: Files, results: Results, overlay: Mapping[str, bytes], wanted: Sequence[Target]
) -> int:
    """Write, report, sum up; gives the exit code."""
    unreadable = [line for result in results.values() for line in result.problems]
    problems = [*files.problems, *unreadable]
    unread, read = len(problems), len(files.found) - len(unreadable)
    changes = [change for result in results.values() for change in result.changes]
    if not arguments.quiet:
        told([*files.warnings, *(line for result in results.values() for line in result.notes)])
    if arguments.diff:
        _show_diff(changes)
        return 2 if told(problems) else int(bool(changes) or _fails_as_incomplete(results))
    if rewrites(arguments):
        changes = _written(changes, arguments.paths or ["."], overlay, problems)
    if arguments.write_baseline or arguments.prune_baseline:
        results = _kept_in_baseline(arguments, files, results, problems)
    findings = sorted((each for result in results.values() for each in result.findings), key=_order)
    current = {**overlay, **{change.path: change.new for change in changes}}
    problems += _reported(arguments, findings, current, wanted)
    if not arguments.quiet and (read or not unread):
        hidden = sum(len(result.hidden) for result in results.values())
        incomplete = sum(len(result.incomplete) for result in results.values())
        complain(summary(findings, changes, read, hidden, arguments.add_ignore, incomplete, unread))
    if told(problems):
        return 2
    failing = any(_fails(result.findings, settings) for settings, result in results.items())
    return int(failing or _fails_as_incomplete(results))


def said_of_nothing(arguments: Namespace, files: Files, wanted: Sequence[Target]) -> tuple[str, str]:
    """What a run writes to standard output, and its summary, where there is nothing to say."""
    output = "" if arguments.statistics or arguments.diff else "".join(rendered((), wanted))
    return output, "" if arguments.quiet or arguments.diff else summary((), (), len(files.found))


def rewrites(arguments: Namespace) -> bool:
    """Does this run change sources?"""
    return bool(arguments.fix or arguments.add_ignore)


def told(texts: Iterable[str]) -> bool:
    """Say each on standard error; whether there was any."""
    said = False
    for text in texts:
        complain(text)
        said = True
    return said


def _reported(
    arguments: Namespace, findings: Sequence[Finding], overlay: Mapping[str, bytes], wanted: Sequence[Target]
) -> Iterator[str]:
    """Where the changed text takes standard output, the findings go to standard error."""
    stream = sys.stderr if rewrites(arguments) and arguments.paths == ["-"] else sys.stdout
    if arguments.statistics:
        emit(statistics(findings), stream)
        wanted = [target for target in wanted if target.file]
    yield from deliver(findings, wanted, overlay, stream, arguments.color)


def _order(finding: Finding) -> tuple[str, int, int, int, str]:
    span = finding.span
    return span.path, span.cell or 0, span.start.line, span.start.column, finding.code


def _fails(findings: Sequence[Finding], settings: Settings) -> bool:
    least = next((each for each in SEVERITIES if each in _wanted(settings)), None)
    counted = SEVERITIES[: SEVERITIES.index(least) + 1] if least is not None else ()
    return any(finding.severity in counted for finding in findings)


def _fails_as_incomplete(results: Results) -> bool:
    return any(result.incomplete and NOT_ANALYSED in _wanted(settings) for settings, result in results.items())


def _wanted(settings: Settings) -> tuple[FailOn, ...]:
    return settings.fail_on if isinstance(settings.fail_on, tuple) else (settings.fail_on,)


# ---------------------------------------------------------------- the baseline


def _kept_in_baseline(arguments: Namespace, files: Files, results: Results, problems: list[str]) -> Results:
    """Write or prune the baseline, where every file could be read; what is known of a file that was not fully analysed stays.
    What was written is hidden."""
    from padlint.baseline import read_baseline, spoken
    from padlint.checks import rules

    file = arguments.baseline
    if problems:
        problems.append(f"{file}: not written, as not everything could be checked")
        return results
    baseline = read_baseline(file, Disk(), may_be_missing=arguments.write_baseline)
    unknown = {path for result in results.values() for path in result.incomplete}
    spoke = spoken([each for each in files.found if each[0] not in unknown], rules())
    findings = [each for result in results.values() for each in (*result.findings, *result.hidden)]
    new = baseline.written(findings, spoke) if arguments.write_baseline else baseline.pruned(findings, spoke)
    try:
        new.save()
    except UnreadableError as problem:
        problems.append(str(problem))
        return results
    if arguments.prune_baseline:
        return results
    return {
        settings: replace(each, findings=(), hidden=each.findings + each.hidden) for settings, each in results.items()
    }


# ---------------------------------------------------------------- changed files


def _written(
    changes: list[Change], given: Sequence[str], overlay: Mapping[str, bytes], problems: list[str]
) -> list[Change]:
    """Write what was changed; gives what was written. Standard input's new text goes to standard output."""
    if overlay:
        emit_bytes(changes[0].new if changes else next(iter(overlay.values())))
        return changes
    from padlint import fixes

    written: list[Change] = []
    for change in changes:
        if fixes.leads_out(change.path, given):
            problems.append(f"{change.path}: not fixed: a link to {os.path.realpath(change.path)}, which was not named")
            continue
        try:
            fixes.write(change.path, change.old, change.new)
            written.append(change)
        except UnreadableError as problem:
            problems.append(str(problem))
    return written


def _show_diff(changes: Iterable[Change]) -> None:
    """A terminal gets no control characters; a file or a pipe gets the very bytes."""
    from padlint import fixes

    for change in changes:
        text = fixes.diff(change.path, change.old, change.new)
        if sys.stdout.isatty():
            emit("".join(f"{printable(line)}\n" for line in text.decode(errors="replace").splitlines()))
        else:
            emit_bytes(text)
