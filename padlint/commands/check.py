"""`padlint check`: findings, fixes, reports."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from padlint import again
from padlint.arguments import add_paths, by_settings, configurations, found_files, session_of, split
from padlint.config import FAIL_ON, show
from padlint.config_files import Configurations
from padlint.disk import Disk
from padlint.errors import UsageError
from padlint.files import Files, excluded
from padlint.outcome import leave, said_of_nothing, told
from padlint.output import emit
from padlint.paths import divided
from padlint.progress import Progress
from padlint.reading import read_stream
from padlint.report import formats
from padlint.report.deliver import Target, targets
from padlint.report.terminal import printable
from padlint.result import Result
from padlint.run import remembered
from padlint.session import Session

if TYPE_CHECKING:
    from padlint.visible import Visible

SUMMARY = "find wrong padding and shapes, and fix them"


def add_arguments(parser: ArgumentParser) -> None:
    add_paths(parser)
    add = parser.add_argument
    add("--keras", metavar="PATH:NAME", help="the Keras model that every model here is a port of")
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
    add("--add-ignore", action="store_true", help="write a comment on every finding that hides it from now on")
    add("--baseline", metavar="FILE", help="do not show the findings that this file knows")
    add("--write-baseline", action="store_true", help="with --baseline: let the file know all present findings")
    add("--prune-baseline", action="store_true", help="with --baseline: drop from the file what is gone")
    add("--since", metavar="REV", help="only findings in models that changed since a git revision")
    failing = (
        "the least severity that makes the exit code 1 (default: warning), and not-analysed: what was not analysed, too"
    )
    add("--fail-on", action="append", choices=FAIL_ON, help=failing)
    add("--exit-zero", action="store_true", help="exit code 0 also with findings")
    add("--watch", action="store_true", help="check again whenever a file changes, until Ctrl-C")
    add("--statistics", action="store_true", help="count the findings by rule instead of listing them")
    listed = ", ".join(formats.names())
    add("--output-format", action="append", metavar="NAME[:FILE]", help=f"{listed} (default: full); may be repeated")
    add("--output-file", metavar="FILE", help="write the report to a file")
    add("--stdin-filename", metavar="NAME", help="the name of the file that comes on standard input (path -)")
    add("--show-settings", action="store_true", help="show the settings for the first path and stop")
    add("--show-files", action="store_true", help="show the files that would be checked and stop")


def run(arguments: Namespace) -> int:
    _refuse_contradictions(arguments)
    if arguments.watch:
        from padlint.watching import watch

        return watch(lambda disk: _once(arguments, disk), lambda: _git_says(arguments))
    return _once(arguments, Disk())


def _once(arguments: Namespace, disk: Disk) -> int:
    """One check; gives the exit code. `disk`: new; in the end it has the facts that all that was said rests on."""
    wanted = targets(arguments.output_format or ["full"], arguments.output_file)
    known = configurations(arguments, _values(arguments), disk)
    if arguments.show_settings:
        emit(show(known.for_directory(_first_folder(arguments, disk))) + "\n")
        return 0
    files = _stdin_file(arguments, known) if arguments.paths == ["-"] else found_files(arguments, known)
    if arguments.show_files:
        emit("".join(f"{printable(path)}\n" for path, _ in files.found))
        return 2 if told(files.problems) else 0
    name = _stdin_name(arguments)
    overlay = {name: read_stream(sys.stdin.buffer, name)} if arguments.paths == ["-"] else {}
    sessions = _sessions(arguments, files, disk, overlay)
    _refuse_unknown_rules(sessions or [Session([], known.for_directory("."))])
    visible = _visible(arguments, disk)
    results = {session.settings: _result(arguments, session, visible) for session in sessions}
    code = leave(arguments, files, results, overlay, wanted)
    if code == 0 and not (files.warnings or any(_says_something(result) for result in results.values())):
        _remember(arguments, files, sessions, disk, wanted)
    return code


def _says_something(result: Result) -> bool:
    return bool(result.findings or result.hidden or result.changes or result.problems or result.notes)


def _remember(
    arguments: Namespace, files: Files, sessions: Sequence[Session], disk: Disk, wanted: Sequence[Target]
) -> None:
    """Let the same command line be answered at once if nothing changes. Only where all that it rests on is what the disk was
    asked: not what git says, nor standard input; and where nothing but standard output is to be written."""
    folders = {session.cache.folder for session in sessions if session.cache is not None}
    if len(folders) != 1 or any(session.disk is not disk for session in sessions):
        return
    if arguments.watch or arguments.baseline or arguments.since is not None or any(target.file for target in wanted):
        return
    again.remember(arguments.words, folders.pop(), disk.facts, *said_of_nothing(arguments, files, wanted))


def _git_says(arguments: Namespace) -> str | None:
    """What an answer depends on beside the disk."""
    if arguments.since is None:
        return None
    from padlint.changed import Changed

    return Changed(arguments.since).commit


_CONTRARY = (
    ("fix", "diff", ": --diff changes nothing"),
    ("add-ignore", "fix", ""),
    ("add-ignore", "diff", ": --diff changes nothing"),
    ("exit-zero", "fail-on", ""),
    ("write-baseline", "prune-baseline", ""),
    ("write-baseline", "diff", ": --diff changes nothing"),
    ("prune-baseline", "diff", ": --diff changes nothing"),
    ("write-baseline", "since", ": a baseline holds all findings"),
    ("watch", "diff", ": nobody could apply what changes all the time"),
    ("watch", "show-files", ""),
    ("watch", "show-settings", ""),
)
_NEEDED = (("unsafe-fixes", ("fix", "diff")), ("write-baseline", ("baseline",)), ("prune-baseline", ("baseline",)))


def _refuse_contradictions(arguments: Namespace) -> None:
    given = {name.replace("_", "-") for name, value in vars(arguments).items() if value not in (None, False)}
    for one, other, why in _CONTRARY:
        if {one, other} <= given:
            raise UsageError(f"--{one} and --{other} contradict each other{why}")
    for one, others in _NEEDED:
        if one in given and given.isdisjoint(others):
            raise UsageError(f"--{one} needs {' or '.join(f'--{other}' for other in others)}")
    if "-" in arguments.paths and len(arguments.paths) > 1:
        raise UsageError("- (standard input) cannot be checked together with other paths")
    if arguments.stdin_filename and arguments.paths != ["-"]:
        raise UsageError("--stdin-filename needs the path -")
    if arguments.paths == ["-"] and arguments.watch:
        raise UsageError("- (standard input) cannot be watched")
    if arguments.paths == ["-"] and (arguments.write_baseline or arguments.prune_baseline):
        raise UsageError("a baseline is not written from standard input")


def _values(arguments: Namespace) -> dict[str, object]:
    """The options that are settings, as a configuration file would say them."""
    values: dict[str, object] = {}
    for key in ("select", "extend_select", "ignore", "fixable", "unfixable"):
        given = getattr(arguments, key)
        if given:
            values[key.replace("_", "-")] = split(given)
    if arguments.keras:
        values["keras"] = arguments.keras
    if arguments.fail_on or arguments.exit_zero:
        values["fail-on"] = arguments.fail_on or ["never"]
    if arguments.per_file_ignores:
        values["per-file-ignores"] = dict(map(_per_file_ignore, arguments.per_file_ignores))
    return values


def _per_file_ignore(text: str) -> tuple[str, list[str]]:
    pattern, selectors = divided(text)
    if not pattern or not selectors:
        raise UsageError(f"--per-file-ignores {text}: must be GLOB:RULES")
    return pattern, split([selectors])


def _stdin_name(arguments: Namespace) -> str:
    return arguments.stdin_filename or "-"


def _first_folder(arguments: Namespace, disk: Disk) -> str:
    first: str = (arguments.paths or ["."])[0]
    path = _stdin_name(arguments) if first == "-" else first
    return path if disk.is_folder(path) else os.path.dirname(path) or "."


def _stdin_file(arguments: Namespace, known: Configurations) -> Files:
    name = _stdin_name(arguments)
    settings = known.for_directory(os.path.dirname(name) or ".")
    skipped = settings.force_exclude and excluded(name, settings)
    return Files(() if skipped else ((name, settings),), (), ())


def _sessions(arguments: Namespace, files: Files, disk: Disk, overlay: Mapping[str, bytes]) -> list[Session]:
    progress = Progress(sys.stderr if sys.stderr.isatty() and not arguments.quiet else None)
    groups = by_settings(files).items()
    return [session_of(arguments, paths, settings, disk, overlay, progress) for settings, paths in groups]


def _refuse_unknown_rules(sessions: Iterable[Session]) -> None:
    """Before anything is evaluated, and also where there is nothing to evaluate; what was checked before was in order."""
    unknown = [session.settings for session in sessions if not remembered(session)]
    if unknown:
        from padlint.checks import rules
        from padlint.select import selection

        for settings in unknown:
            selection(settings, rules())


def _visible(arguments: Namespace, disk: Disk) -> Visible | None:
    """What is news; None where everything is shown."""
    filters: list[Visible] = []
    if arguments.baseline:
        from padlint.baseline import read_baseline

        baseline = read_baseline(arguments.baseline, disk, may_be_missing=arguments.write_baseline)
        if not arguments.write_baseline:
            filters.append(baseline)
    if arguments.since is not None:
        from padlint.changed import Changed  # and with it subprocess

        filters.append(Changed(arguments.since))
    if not filters:
        return None
    from padlint.visible import what_all_show

    return what_all_show(filters)


def _result(arguments: Namespace, session: Session, visible: Visible | None) -> Result:
    from padlint.run import check, fix, ignore

    if arguments.fix or arguments.diff:
        return fix(session, arguments.unsafe_fixes, visible)
    if arguments.add_ignore:
        return ignore(session, visible)
    return check(session, visible)
