"""`padlint completion`: what a shell needs to complete padlint's command lines."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from padlint.output import emit

SUMMARY = "print the completion of a shell: source <(padlint completion bash)"

SHELLS = ("bash", "fish", "zsh")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("shell", choices=SHELLS, help="the shell that reads it")


def run(arguments: Namespace) -> int:
    from padlint import shells  # and with it every command

    write = {"bash": shells.bash, "fish": shells.fish, "zsh": shells.zsh}[arguments.shell]
    emit(write(shells.described()))
    return 0
