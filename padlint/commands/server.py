"""`padlint server`: the language server on standard input and output."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from padlint.errors import UsageError

SUMMARY = "run the language server on standard input and output"


def add_arguments(parser: ArgumentParser) -> None:
    """None: settings come from configuration files and from the editor."""


def run(arguments: Namespace) -> int:
    try:
        from padlint.server import create
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise UsageError("the language server needs more: pip install 'padlint[server]'") from None
    create().start_io()
    return 0
