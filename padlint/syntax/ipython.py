"""What of a cell is Python and what is IPython's own: prompts, `%magic`, `!command`, `name?`, `%%magic` for a whole cell.

The rules are those of IPython's input transformers, which go by Python's tokens: what stands within a string, within
brackets or behind a backslash is none of theirs. Every line stays a line.
"""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, Union

from padlint.syntax.lines import Lines
from padlint.syntax.python import assigned, is_python

_INDENTATION = re.compile(r"[ \t]+")
_CLASSIC, _CLASSIC_FIRST = re.compile(r"(?:>>>|\.\.\.)(?: |$)"), re.compile(r">>>(?: |$)")
_NUMBERED = re.compile(r"(?:(?:\[nav\]|\[ins\])? )?In \[\d+\]: |\s*\.{3,}: ?")
_HELP = re.compile(r"%{0,2}(?!\d)[\w*]+(?:\.(?!\d)[\w*]+|\[-?[0-9]+\])*\?\??$")
_ESCAPES = ("!", "?", "%", ",", ";", "/")

MOST_WORK = 500_000
"""Characters to be split into tokens for one cell, which is done anew behind each line that is IPython's."""
MOST_COMMANDS = 500
"""IPython's own limit."""

RUNNING = frozenset("capture debug prun time timeit".split())
"""Cell magics that run the cell as Python, or as what its own first line says."""
FOREIGN = frozenset(
    "! HTML SVG bash cmd code_wrap file html javascript js latex markdown perl pypy python python2 python3 ruby script sh svg sx "
    "system writefile".split()
)
"""Cell magics of IPython for what is not run here, or is not Python."""
_REBINDING = frozenset("edit load loadpy paste cpaste pylab recall rerun reset reset_selective run store xdel".split())
"""Line magics that can give any name another value."""
AUTOMATIC = frozenset(
    "alias alias_magic autoawait autocall automagic autosave bookmark cat cd clear code_wrap colors conda config connect_info cp "
    "debug dhist dirs doctest_mode ed edit env gui hist history killbgscripts ldir less lf lk ll load load_ext loadpy "
    "logoff logon logstart logstate logstop ls lsmagic lx macro magic mamba man matplotlib micromamba mkdir more mv "
    "notebook page pastebin pdb pdef pdoc pfile pinfo pinfo2 pip popd pprint precision prun psearch psource pushd pwd "
    "pycat pylab qtconsole quickref recall rehashx reload_ext rep rerun reset reset_selective rm rmdir run save sc "
    "set_env store sx system tb time timeit unalias unload_ext uv who who_ls whos xdel xmode".split()
)
"""Line magics and aliases that IPython takes without `%` where the cell is one line."""

Names = Union[frozenset[str], Literal["all"]]
"""Names that may have got another value; "all" that there are."""


@dataclass(frozen=True, slots=True)
class Command:
    """Something of IPython's in a line: from `column` (after the cut) on, it stands for `code`; `names` it may set."""

    column: int
    names: Names = frozenset()
    assigns: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """What is no part of the Python of a line: `removed` stood at the offset `at` of what is left."""

    at: int
    removed: str


@dataclass(frozen=True, slots=True)
class Cuts:
    """All that was cut from a line, in order. Columns count from 1."""

    cuts: tuple[Cut, ...] = ()

    def written(self, column: int) -> int:
        """The column in the cell."""
        return column + sum(len(cut.removed) for cut in self.cuts if column > cut.at)

    def read(self, column: int) -> int:
        """The column in what is left."""
        for cut in self.cuts:
            if column > cut.at:
                column = max(column - len(cut.removed), cut.at + 1)
        return column

    def restored(self, text: str) -> str:
        for cut in reversed(self.cuts):
            text = text[: cut.at] + cut.removed + text[cut.at :]
        return text

    def and_at(self, at: int, removed: str) -> Cuts:
        return Cuts((*self.cuts, Cut(at, removed)))


@dataclass(eq=False)
class Cell:
    """The lines of a cell: `texts` as written, with their ends; `python` without what was cut, a command being `pass` or
    the value of an assignment. `skipped`: the cell magic whose text the rest is; `forgets`: names that have a value only
    within the cell. `beyond`: it has too many commands."""

    texts: list[str]
    python: list[str]
    cuts: list[Cuts]
    commands: dict[int, Command] = field(default_factory=dict)
    rest: set[int] = field(default_factory=set)
    skipped: str | None = None
    local: bool = False
    beyond: bool = False

    @cached_property
    def code(self) -> str:
        return "".join("#\n" if number in self.rest else text for number, text in enumerate(self.python))


def read_cell(source: str) -> Cell:
    """A cell as IPython reads it."""
    texts = Lines(source).texts
    cell = Cell(texts, list(texts), [Cuts()] * len(texts))
    _read(cell, 0)
    return cell


def _read(cell: Cell, first: int) -> None:
    """The lines from `first` on as a cell of its own: the body of a cell magic is one."""
    texts = cell.python
    first = next((number for number in range(first, len(texts)) if texts[number].strip()), len(texts))
    if first == len(texts):
        return
    _cut_indentation(cell, first)
    _cut_prompts(cell, first, _CLASSIC_FIRST, _CLASSIC)
    _cut_prompts(cell, first, _NUMBERED, _NUMBERED)
    if texts[first].startswith("%%") and not re.match(r"%%\w+\?", texts[first]):
        _read_cell_magic(cell, first)
    elif not is_python("".join(texts[first:])):
        _Commands(cell, first).read()


def _cut_indentation(cell: Cell, first: int) -> None:
    found = _INDENTATION.match(cell.python[first])
    for number in range(first, len(cell.python)) if found else ():
        if found and cell.python[number].startswith(found[0]):
            _cut(cell, number, len(found[0]))


def _cut_prompts(cell: Cell, first: int, initial: re.Pattern[str], following: re.Pattern[str]) -> None:
    second = cell.python[first + 1] if first + 1 < len(cell.python) else ""
    if initial.match(cell.python[first]) or following.match(second):
        for number in range(first, len(cell.python)):
            found = following.match(cell.python[number])
            if found:
                _cut(cell, number, len(found[0]))


def _cut(cell: Cell, number: int, length: int) -> None:
    cell.cuts[number] = cell.cuts[number].and_at(0, cell.python[number][:length])
    cell.python[number] = cell.python[number][length:]


def _read_cell_magic(cell: Cell, first: int) -> None:
    name, _, arguments = cell.python[first][2:].rstrip().partition(" ")
    pattern = r"--(?:out|err|proc)[ =](\w+)" if name in FOREIGN else r"[^\W\d]\w*"
    timed = name in RUNNING and name != "capture"
    names = assigned(arguments) if timed else frozenset(re.findall(pattern, arguments))
    _stands_for(cell, first, Command(0, names if name else frozenset()))
    if name in RUNNING:
        cell.local = cell.local or name == "timeit"
        _read(cell, first + 1)
    else:
        cell.skipped = name
        cell.rest.update(range(first + 1, len(cell.python)))


def _stands_for(cell: Cell, number: int, command: Command) -> None:
    cell.commands[number] = command
    code = "None" if command.assigns else "pass"
    cell.python[number] = f"{cell.python[number][: command.column]}{code}\n"


# ---------------------------------------------------------------- commands


@dataclass(frozen=True, slots=True, order=True)
class _Found:
    """Something that may be IPython's, from a line and column on; the first, and the one of the lower rank, is it."""

    line: int
    column: int
    rank: int
    last: int
    assigns: bool = False


class _Commands:
    """The commands in the lines of a cell from `first` on, as they are found one after the other: what follows one is
    split into tokens only when it is out of the way."""

    def __init__(self, cell: Cell, first: int) -> None:
        self._cell = cell
        self._first = first

    def read(self) -> None:
        if self._automatic():
            return
        work = 0
        for _ in range(MOST_COMMANDS + 1):
            work += sum(map(len, self._cell.python[self._first :]))
            if work > MOST_WORK:
                break
            if not self._take_one():
                return
        self._cell.beyond = True

    def _automatic(self) -> bool:
        """A cell of one line may leave out the `%`."""
        line, *following = self._cell.python[self._first :]
        word = re.match(r"\w+(?=\s|$)", line)
        if any(following) or word is None or word[0] not in AUTOMATIC:
            return False
        _stands_for(self._cell, self._first, Command(0, _set_by(f"%{line}")))
        return True

    def _take_one(self) -> bool:
        lines = self._cell.python[self._first :]
        if lines and not lines[-1]:
            del lines[-1]
        elif lines and not lines[-1].endswith(("\n", "\r")):
            lines[-1] += "\n"
        try:
            logical = _logical_lines(lines)
        except SyntaxError:  # an indentation that fits nothing
            return False
        for found in sorted(_candidates(logical)):
            last = self._end(lines, found)
            if last is not None:
                text = "".join(lines[found.line : last + 1])[found.column :]
                self._put(self._first + found.line, found.column, self._first + last, text, found.assigns)
                return True
        return False

    def _end(self, lines: Sequence[str], found: _Found) -> int | None:
        """The last line of what was found; None where IPython does not take it."""
        if found.rank == _HELP_RANK:
            content = "".join(lines[found.line : found.last + 1])[found.column :]
            return found.last if _HELP.search(content) else None
        last = found.line
        while last < len(lines) - 1 and lines[last].endswith("\\\n"):
            last += 1
        if not found.assigns and re.match(r"/\s", lines[found.line][found.column :]):
            return None
        return last

    def _put(self, number: int, column: int, last: int, text: str, assigns: bool = False) -> None:
        cell = self._cell
        if column == 0:  # nothing before it can matter to what follows
            self._first = last + 1
        before = _times(text) if last == number and not assigns else 0
        if before:
            cell.cuts[number] = cell.cuts[number].and_at(column, text[:before])
            cell.python[number] = cell.python[number][:column] + cell.python[number][column + before :]
            return
        _stands_for(cell, number, Command(column, frozenset() if assigns else _set_by(text), assigns))
        for each in range(number + 1, last + 1):
            cell.rest.add(each)
            cell.python[each] = "#\n"


_HELP_RANK, _ESCAPE_RANK = 5, 10


def _times(text: str) -> int:
    """How much of a line magic stands before the Python that it runs; 0 where it runs none."""
    found = re.match(r"%(?:time|prun|timeit)[ \t]+(?=\S)", text)
    if found is None or not is_python(text[found.end() :]):
        return 0
    return 0 if text.startswith("%timeit") and assigned(text[found.end() :]) else found.end()


def _set_by(text: str) -> Names:
    """The names that a command may give another value."""
    if not text.startswith("%"):
        return frozenset()
    found = re.match(r"%+(\w*)", text)
    name, arguments = (found[1], text[found.end() :]) if found else ("", text)
    if name in _REBINDING:
        return "all"
    return assigned(arguments) if name in ("time", "prun") or name not in AUTOMATIC else frozenset()


def _candidates(logical: Iterable[Sequence[tokenize.TokenInfo]]) -> Iterator[_Found]:
    """The first of each kind."""
    kinds: dict[tuple[int, bool, str], _Found] = {}
    for line in logical:
        for kind, found in _in_line(line):
            kinds.setdefault((found.rank, found.assigns, kind), found)
    return iter(kinds.values())


def _in_line(line: Sequence[tokenize.TokenInfo]) -> Iterator[tuple[str, _Found]]:
    at = _assignment(line)
    if at is not None and (value := _assigned_command(line, at)) is not None:
        yield value.string, _Found(value.start[0] - 1, value.start[1], _ESCAPE_RANK, 0, True)
    start = next((each for each in line if each.type not in (tokenize.INDENT, tokenize.DEDENT)), None)
    if start is None:
        return
    place = start.start[0] - 1, start.start[1]
    if start.string in _ESCAPES:
        yield "", _Found(*place, _ESCAPE_RANK, 0)
    if len(line) > 2 and line[-2].string == "?":
        yield "", _Found(*place, _HELP_RANK, line[-2].start[0] - 1)


def _assignment(line: Sequence[tokenize.TokenInfo]) -> int | None:
    """The first `=` outside of brackets."""
    depth = 0
    for index, each in enumerate(line):
        if each.string == "=" and depth == 0:
            return index
        depth = max(depth + (each.string in ("(", "[", "{")) - (each.string in (")", "]", "}")), 0)
    return None


def _assigned_command(line: Sequence[tokenize.TokenInfo], at: int) -> tokenize.TokenInfo | None:
    """The `%` or `!` behind an `=`."""
    following = line[at + 1 : at + 3]
    if len(following) == 2 and following[0].string == "%" and following[1].type == tokenize.NAME:
        return following[0]
    if line[at].line.strip().startswith("="):
        return None
    for each in line[at + 1 :]:  # before Python 3.12 the blanks in front of a `!` are tokens
        if each.string == "!":
            return each
        if each.type != tokenize.ERRORTOKEN or not each.string.isspace():
            return None
    return None


_GOES_ON = (
    "unterminated string literal",
    "invalid non-printable character",
    "after line continuation character",
    "expected EOF",
)


def _logical_lines(lines: Sequence[str]) -> list[list[tokenize.TokenInfo]]:
    """The tokens line by line, what is within brackets belonging to one. Raises SyntaxError."""
    found: list[list[tokenize.TokenInfo]] = [[]]
    depth = 0
    try:
        for token in tokenize.generate_tokens(iter(lines).__next__):
            found[-1].append(token)
            if token.type == tokenize.NEWLINE or (token.type == tokenize.NL and depth <= 0):
                found.append([])
            elif token.string in ("(", "[", "{"):
                depth += 1
            elif token.string in (")", "]", "}"):
                depth = max(depth - 1, 0)
    except tokenize.TokenError as error:
        if any(each in str(error.args[0]) for each in _GOES_ON):
            last = found[-1][-1] if found[-1] else None
            place = (last.start[0], last.end[0]) if last else (1, 0)
            found[-1].append(tokenize.TokenInfo(tokenize.ERRORTOKEN, "", place, place, last.line if last else ""))
    return found if found[-1] else found[:-1]
