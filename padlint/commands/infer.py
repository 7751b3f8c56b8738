"""`padlint infer`: the `input=` directives that the code proves."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from padlint import fixes
from padlint.arguments import add_paths, by_settings, configurations, found_files
from padlint.errors import UnreadableError
from padlint.output import complain, emit
from padlint.report.terminal import printable
from padlint.where import where

SUMMARY = "propose the input= directives that the code proves"


def add_arguments(parser: ArgumentParser) -> None:
    add_paths(parser)
    parser.add_argument("--write", action="store_true", help="write them above the classes and assignments")


def run(arguments: Namespace) -> int:
    from padlint.infer import infer  # the evaluator, and with it LibCST

    files = found_files(arguments, configurations(arguments, {}))
    results = [infer(paths, settings) for settings, paths in by_settings(files).items()]
    problems = [*files.problems, *(line for result in results for line in result.problems)]
    for proposal in (each for result in results for each in result.proposals):
        because = "; ".join(proposal.because)
        emit(printable(f"{where(proposal.edit.span)}: {proposal.directive}   (because: {because})") + "\n")
    for change in (each for result in results for each in result.changes if arguments.write):
        try:
            fixes.write(change.path, change.old, change.new)
        except UnreadableError as problem:
            problems.append(str(problem))
    notes = [line for result in results for line in result.notes]
    for text in problems if arguments.quiet else [*files.warnings, *notes, *problems]:
        complain(text)
    return 2 if problems else 0
