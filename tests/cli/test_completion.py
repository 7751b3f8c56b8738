"""Shell completion: what a real bash completes, and that no shell lacks an option."""

from __future__ import annotations

import subprocess
from argparse import ArgumentParser

import pytest

from padlint import commands
from padlint.checks import rules
from tests.cli.conftest import Padlint

ASK = """
{script}
COMP_WORDS=({words})
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_padlint
printf '%s\\n' "${{COMPREPLY[@]}}"
complete -p padlint
"""


def options(command: str) -> set[str]:
    parser = ArgumentParser()
    commands.command(command).add_arguments(parser)
    return {word for word in parser._option_string_actions if word.startswith("--")}


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("padlint ch", {"check"}),
        ("padlint ''", {*commands.names(), "--help", "--version"}),
        ("padlint check --fail-on ''", {"error", "warning", "information", "never", "not-analysed"}),
        ("padlint check --fail-on e", {"error"}),
        ("padlint check a.py --write", {"--write-baseline"}),
        ("padlint check --", options("check")),
        ("padlint shapes --", options("shapes")),
        ("padlint check --select PAD10", {code for code in rules() if code.startswith("PAD10")}),
        ("padlint rule strided", {"strided-same-padding"}),
        ("padlint completion ''", {"bash", "fish", "zsh"}),
        ("padlint solve --layer t", {"transposed"}),
        ("padlint check net", set()),
        ("padlint nonsense --x", set()),
    ],
)
def test_bash_completes(padlint: Padlint, words: str, completed: set[str]) -> None:
    script = ASK.format(script=padlint("completion", "bash").out, words=words)
    done = subprocess.run(["bash", "--norc", "-uc", script], capture_output=True, text=True)
    assert done.stderr == ""
    *listed, registered = done.stdout.splitlines()
    assert set(filter(None, listed)) == completed
    assert registered == "complete -o default -F _padlint padlint"


@pytest.mark.parametrize("shell", ["bash", "fish", "zsh"])
def test_no_shell_lacks_a_command_or_an_option(padlint: Padlint, shell: str) -> None:
    done = padlint("completion", shell)
    assert (done.code, done.err) == (0, "")
    for command in commands.names():
        assert command in done.out
        for option in options(command):
            assert (f"-l {option[2:]} " if shell == "fish" else option) in done.out
