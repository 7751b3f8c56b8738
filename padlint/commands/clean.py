"""`padlint clean`: the cache goes."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from padlint.cache import Cache, folder_of
from padlint.config_files import Configurations
from padlint.output import emit
from padlint.report.terminal import printable

SUMMARY = "remove the cache"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", metavar="PATH", help="folders of projects (default: the current one)")


def run(arguments: Namespace) -> int:
    known = Configurations({})
    for folder in dict.fromkeys(folder_of(known.for_directory(path)) for path in arguments.paths or ["."]):
        if Cache(folder).clean():
            emit(f"removed {printable(folder)}\n")
    return 0
