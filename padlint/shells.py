"""What shells complete: the commands, their options, and the words that an option takes, told by argparse itself."""

from __future__ import annotations

from argparse import Action, ArgumentParser
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from padlint import commands
from padlint.pages import pages

_RULES = ("RULES", "CODE|NAME")


@dataclass(frozen=True, slots=True)
class Word:
    """An option (`--fix`), or an argument without a name (""). `values`: the words that it takes; any file where it
    takes something and there are none."""

    name: str
    help: str
    takes: bool
    values: tuple[str, ...]


Words = Mapping[str, Sequence[Word]]


def described() -> Words:
    """The words of every command."""
    found: dict[str, Sequence[Word]] = {}
    for name in commands.names():
        parser = ArgumentParser(prog=f"padlint {name}")
        commands.command(name).add_arguments(parser)
        found[name] = [word for action in parser._actions for word in _words(action)]
    return found


def _words(action: Action) -> Iterator[Word]:
    values = tuple(map(str, action.choices or ()))
    if not values and action.metavar in _RULES:
        values = tuple(word for page in pages().values() for word in (page.code, page.name))
    names = [name for name in action.option_strings if name.startswith("--")] or [""]
    for name in names:
        yield Word(name, (action.help or "").replace("%%", "%"), action.nargs != 0, values)


# ---------------------------------------------------------------- bash


def bash(words: Words) -> str:
    cases = "".join(
        f"        {command})\n"
        f"            options={_quoted(' '.join(each.name for each in found if each.name))}\n"
        f"            words={_quoted(' '.join(_free(found)))}\n"
        f'            case "$previous" in\n{"".join(_bash_values(found))}            esac ;;\n'
        for command, found in words.items()
    )
    return f"""\
_padlint() {{
    local current="${{COMP_WORDS[COMP_CWORD]}}" previous="${{COMP_WORDS[COMP_CWORD-1]}}"
    local options="" words="" values=""
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "{" ".join((*words, "--help", "--version"))}" -- "$current"))
        return
    fi
    case "${{COMP_WORDS[1]}}" in
{cases}    esac
    if [ -n "$values" ]; then
        COMPREPLY=($(compgen -W "$values" -- "$current"))
    elif [[ "$current" == -* ]]; then
        COMPREPLY=($(compgen -W "$options" -- "$current"))
    elif [ -n "$words" ]; then
        COMPREPLY=($(compgen -W "$words" -- "$current"))
    fi
}}
complete -o default -F _padlint padlint
"""


def _bash_values(words: Iterable[Word]) -> Iterator[str]:
    for word in words:
        if word.name and word.values:
            yield f"                {word.name}) values={_quoted(' '.join(word.values))} ;;\n"


def _free(words: Iterable[Word]) -> tuple[str, ...]:
    """The words of the arguments without a name."""
    return tuple(value for word in words if not word.name for value in word.values)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


# ---------------------------------------------------------------- zsh


def zsh(words: Words) -> str:
    listed = " ".join(_quoted(f"{name}:{commands.command(name).SUMMARY}") for name in words)
    cases = "".join(
        f"        {command})\n            _arguments {' '.join(map(_zsh_word, found))} ;;\n"
        for command, found in words.items()
    )
    return f"""\
#compdef padlint
_padlint() {{
    local -a listed
    listed=({listed})
    if (( CURRENT == 2 )); then
        _describe command listed
        return
    fi
    local command="${{words[2]}}"
    shift words
    (( CURRENT-- ))
    case "$command" in
{cases}    esac
}}
compdef _padlint padlint
"""


def _zsh_word(word: Word) -> str:
    said = "".join(f"\\{character}" if character in "[]:\\" else character for character in word.help)
    values = f"({' '.join(word.values)})" if word.values else "_files"
    if not word.name:
        return _quoted(f"*:{said}:{values}")
    takes = f":value:{values}" if word.takes else ""
    return _quoted(f"*{word.name}{'=' if word.takes else ''}[{said}]{takes}")


# ---------------------------------------------------------------- fish


def fish(words: Words) -> str:
    lines = [f"complete -c padlint -n __fish_use_subcommand -f -a {name} -d {_fish(commands.command(name).SUMMARY)}\n"
             for name in words]  # fmt: skip
    for name, found in words.items():
        start = f"complete -c padlint -n '__fish_seen_subcommand_from {name}'"
        for word in found:
            option = f" -l {word.name[2:]}" if word.name else ""
            values = f" -x -a {_fish(' '.join(word.values))}" if word.values else " -r" if word.takes and option else ""
            if option or word.values:
                lines.append(f"{start}{option}{values} -d {_fish(word.help)}\n")
    return "".join(lines)


def _fish(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
