"""`padlint check`: findings, fixes, reports."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Mapping, Sequence

from padlint import fixes
from padlint.arguments import add_paths, by_settings, configurations, found_files, split
from padlint.config import FAIL_ON, SEVERITIES, FailOn, Settings, show
from padlint.config_files import Configurations
from padlint.errors import UnreadableError, UsageError
from padlint.files import Files, excluded
from padlint.finding import Finding
from padlint.output import complain, emit, emit_bytes
from padlint.report import formats
from padlint.report.deliver import Target, deliver, statistics, summary, targets
from padlint.report.terminal import printable
from padlint.result import Change, Result
from padlint.select import selection

SUMMARY = "find wrong padding and shapes, and fix them"


def add_arguments(parser: ArgumentParser) -> None:
    add_paths(parser)
    add = parser.add_argument
    add("--fix", action="store_true", help="apply the safe fixes")
    add("--unsafe-fixes", action="store_true", help="with --fix or --diff: the unsafe ones too")
    add("--diff", action="store_true", help="show what --fix would change, change nothing")
    for name, what in (
        ("select", "only these rules: codes, their beginnings, or names"),
        ("extend-select", "these rules too"),
        ("ignore", "not these rules"),
        ("fixable", "fix only these rules"),
        ("unfixable", "do not fix these rules"),
    ):
        add(f"--{name}", action="append", metavar="RULES", help=what)
    add("--per-file-ignores", action="append", metavar="GLOB:RULES", help="not these rules in files that fit")
    add("--fail-on", choices=FAIL_ON, help="the least severity that makes the exit code 1 (default: warning)")
    add("--exit-zero", action="store_true", help="exit code 0 also with findings")
    add("--statistics", action="store_true", help="count the findings by rule instead of listing them")
    listed = ", ".join(formats.names())
    add("--output-format", action="append", metavar="NAME[:FILE]", help=f"{listed} (default: full); may be repeated")
    add("--output-file", metavar="FILE", help="write the report to a file")
    add("--stdin-filename", metavar="NAME", help="the name of the file that comes on standard input (path -)")
    add("--show-settings", action="store_true", help="show the settings for the first path and stop")
    add("--show-files", action="store_true", help="show the files that would be checked and stop")


def run(arguments: Namespace) -> int:
    _refuse_contradictions(arguments)
    wanted = targets(arguments.output_format or ["full"], arguments.output_file)
    known = configurations(arguments, _values(arguments))
    if arguments.show_settings:
        emit(show(known.for_directory(_first_folder(arguments))) + "\n")
        return 0
    files = _stdin_file(arguments, known) if arguments.paths == ["-"] else found_files(arguments, known)
    if arguments.show_files:
        emit("".join(f"{printable(path)}\n" for path, _ in files.found))
        return 2 if _told(files.problems) else 0
    _refuse_unknown_rules({settings for _, settings in files.found} or {known.for_directory(".")})
    if arguments.paths == ["-"]:
        overlay = {_stdin_name(arguments): sys.stdin.buffer.read()}
        return _check(arguments, files, overlay, wanted)
    return _check(arguments, files, {}, wanted)


def _refuse_contradictions(arguments: Namespace) -> None:
    if arguments.fix and arguments.diff:
        raise UsageError("--fix and --diff contradict each other: --diff changes nothing")
    if arguments.unsafe_fixes and not (arguments.fix or arguments.diff):
        raise UsageError("--unsafe-fixes needs --fix or --diff")
    if "-" in arguments.paths and len(arguments.paths) > 1:
        raise UsageError("- (standard input) cannot be checked together with other paths")
    if arguments.stdin_filename and arguments.paths != ["-"]:
        raise UsageError("--stdin-filename needs the path -")
    if arguments.exit_zero and arguments.fail_on:
        raise UsageError("--exit-zero and --fail-on contradict each other")


def _values(arguments: Namespace) -> dict[str, object]:
    """The options that are settings, as a configuration file would say them."""
    values: dict[str, object] = {}
    for key in ("select", "extend_select", "ignore", "fixable", "unfixable"):
        given = getattr(arguments, key)
        if given:
            values[key.replace("_", "-")] = split(given)
    if arguments.fail_on or arguments.exit_zero:
        values["fail-on"] = arguments.fail_on or "never"
    if arguments.per_file_ignores:
        values["per-file-ignores"] = dict(map(_per_file_ignore, arguments.per_file_ignores))
    return values


def _per_file_ignore(text: str) -> tuple[str, list[str]]:
    pattern, _, selectors = text.rpartition(":")
    if not pattern:
        raise UsageError(f"--per-file-ignores {text}: must be GLOB:RULES")
    return pattern, split([selectors])


def _stdin_name(arguments: Namespace) -> str:
    return arguments.stdin_filename or "-"


def _first_folder(arguments: Namespace) -> str:
    first: str = (arguments.paths or ["."])[0]
    path = _stdin_name(arguments) if first == "-" else first
    return path if os.path.isdir(path) else os.path.dirname(path) or "."


def _stdin_file(arguments: Namespace, known: Configurations) -> Files:
    name = _stdin_name(arguments)
    settings = known.for_directory(os.path.dirname(name) or ".")
    skipped = settings.force_exclude and excluded(name, settings)
    return Files(() if skipped else ((name, settings),), (), ())


# ---------------------------------------------------------------- the run


def _refuse_unknown_rules(settings: Iterable[Settings]) -> None:
    """Before anything is read, and also where there is nothing to read."""
    from padlint.checks import rules

    for each in settings:
        selection(each, rules())


def _check(arguments: Namespace, files: Files, overlay: Mapping[str, bytes], wanted: Sequence[Target]) -> int:
    results = {settings: _result(arguments, paths, settings, overlay) for settings, paths in by_settings(files).items()}
    problems = [*files.problems, *(line for result in results.values() for line in result.problems)]
    changes = [change for result in results.values() for change in result.changes]
    if not arguments.quiet:
        _told([*files.warnings, *(line for result in results.values() for line in result.notes)])
    if arguments.diff:
        _show_diff(changes)
        return 2 if _told(problems) else int(bool(changes))
    if arguments.fix:
        changes = _written(changes, overlay, problems)
    findings = sorted((each for result in results.values() for each in result.findings), key=_order)
    current = {**overlay, **{change.path: change.new for change in changes}}
    problems += _reported(arguments, findings, current, wanted)
    if not arguments.quiet:
        complain(summary(findings, changes, len(files.found)))
    if _told(problems):
        return 2
    return int(any(_fails(result.findings, settings.fail_on) for settings, result in results.items()))


def _result(arguments: Namespace, paths: Sequence[str], settings: Settings, overlay: Mapping[str, bytes]) -> Result:
    from padlint.run import check, fix  # the evaluator, and with it LibCST

    if arguments.fix or arguments.diff:
        return fix(paths, settings, overlay, unsafe=arguments.unsafe_fixes)
    return check(paths, settings, overlay)


def _reported(
    arguments: Namespace, findings: Sequence[Finding], overlay: Mapping[str, bytes], wanted: Sequence[Target]
) -> Iterator[str]:
    """Where the fixed text takes standard output, the findings go to standard error."""
    stream = sys.stderr if arguments.fix and arguments.paths == ["-"] else sys.stdout
    if arguments.statistics:
        emit(statistics(findings), stream)
        wanted = [target for target in wanted if target.file]
    yield from deliver(findings, wanted, overlay, stream, arguments.color)


def _order(finding: Finding) -> tuple[str, int, int, int, str]:
    span = finding.span
    return span.path, span.cell or 0, span.start.line, span.start.column, finding.code


def _told(texts: Iterable[str]) -> bool:
    """Say each on standard error; whether there was any."""
    said = False
    for text in texts:
        complain(text)
        said = True
    return said


def _fails(findings: Sequence[Finding], fail_on: FailOn) -> bool:
    if fail_on == "never":
        return False
    counted = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    return any(finding.severity in counted for finding in findings)


# ---------------------------------------------------------------- fixes


def _written(changes: list[Change], overlay: Mapping[str, bytes], problems: list[str]) -> list[Change]:
    """Write what was fixed; gives what was written. Standard input's fixed text goes to standard output."""
    if overlay:
        emit_bytes(changes[0].new if changes else next(iter(overlay.values())))
        return changes
    written: list[Change] = []
    for change in changes:
        try:
            fixes.write(change.path, change.old, change.new)
            written.append(change)
        except UnreadableError as problem:
            problems.append(str(problem))
    return written


def _show_diff(changes: Iterable[Change]) -> None:
    """A terminal gets no control characters; a file or a pipe gets the very bytes."""
    for change in changes:
        text = fixes.diff(change.path, change.old, change.new)
        if sys.stdout.isatty():
            emit("".join(f"{printable(line)}\n" for line in text.decode(errors="replace").splitlines()))
        else:
            emit_bytes(text)
