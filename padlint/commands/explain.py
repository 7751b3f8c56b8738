"""`padlint explain FILE:LINE`: one layer with its sizes, its parameters and every legal padding."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace

from padlint.arguments import configurations
from padlint.errors import UsageError
from padlint.output import complain, emit
from padlint.paths import located
from padlint.report.terminal import printable

SUMMARY = "explain a layer: sizes, parameters, every legal padding"


def add_arguments(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("where", metavar="FILE:LINE", help="models.py:41; in a notebook nb.ipynb:cell 3:7")
    add("--input", action="append", metavar="SHAPE", help="input of every model: 3,32,32 or (N, 3, 32, 32)")
    add("--config", action="append", metavar="FILE|KEY=VALUE", help="use this configuration, or one setting")
    add("--isolated", action="store_true", help="read no configuration file")
    parser.set_defaults(force_exclude=False)


def run(arguments: Namespace) -> int:
    from padlint.explain import explain  # the evaluator, and with it LibCST

    found = located(arguments.where)
    if found is None:
        raise UsageError(f"'{arguments.where}' must be FILE:LINE, such as models.py:41")
    path, cell, line = found
    if not os.path.isfile(path):
        raise UsageError(f"{path}: {'is a folder, not a file' if os.path.isdir(path) else 'no such file'}")
    settings = configurations(arguments, {}).for_directory(os.path.dirname(path) or ".")
    said, notes = explain(path, line, cell, settings)
    for note in notes:
        complain(note)
    emit("".join(f"{printable(text)}\n" for text in said.splitlines()))
    return 0
