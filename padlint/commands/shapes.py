"""`padlint shapes`: every Sequential with the shapes in it, as a table or as JSON."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterable, Iterator

from padlint.arguments import add_paths, by_settings, configurations, found_files, session_of
from padlint.output import complain, emit
from padlint.report.table import render_json, render_table
from padlint.report.terminal import printable, wants_color
from padlint.run import shapes
from padlint.trace import BuiltLayer, BuiltSequential

SUMMARY = "show every Sequential as a table: layers, output shapes, parameters"


def add_arguments(parser: ArgumentParser) -> None:
    add_paths(parser)
    parser.add_argument("--output-format", choices=("table", "json"), default="table", help="(default: table)")
    parser.add_argument("--statistics", action="store_true", help="count why sizes and layers are not known")


def run(arguments: Namespace) -> int:
    known = configurations(arguments, {})
    files = found_files(arguments, known)
    sessions = [session_of(arguments, paths, settings, known.disk) for settings, paths in by_settings(files).items()]
    results = list(map(shapes, sessions))
    built = [each for result in results for each in result.built]
    problems = [*files.problems, *(line for result in results for line in result.problems)]
    notes = [*files.warnings, *(line for result in results for line in result.notes)]
    for text in problems if arguments.quiet else [*notes, *problems]:
        complain(text)
    if arguments.statistics:
        emit(_statistics(built))
    elif arguments.output_format == "json":
        emit(render_json(built))
    else:
        emit(render_table(built, wants_color(arguments.color, sys.stdout)))
    return 2 if problems else 0


def _statistics(built: Iterable[BuiltSequential]) -> str:
    counted = Counter(reason for sequential in built for reason in _reasons(sequential.layers))
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return "".join(f"{count:>6}  {printable(reason)}\n" for reason, count in ordered)


def _reasons(layers: Iterable[BuiltLayer]) -> Iterator[str]:
    for layer in layers:
        if layer.reason:
            yield layer.reason
        yield from _reasons(layer.layers)
