"""Notebooks: Python for the analysis, and the same JSON but for the source that changed."""

from __future__ import annotations

import json

import pytest
from python_reference import walk

from padlint.errors import UnreadableError
from padlint.finding import Place, Position
from padlint.syntax import ir
from padlint.syntax.directives import Directive, directives
from padlint.syntax.source import Source

CELLS: list[dict[str, object]] = [
    {"cell_type": "markdown", "metadata": {}, "source": ["# Title\n", "model = f(1)"]},
    {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": ["%matplotlib inline\n", "import torch.nn as nn\n", "!pip install \\\n", "    x"],
    },
    {"cell_type": "code", "metadata": {}, "outputs": [{"source": "no"}], "source": "%%bash\nls -l\n  echo 'x"},
    {"cell_type": "raw", "source": "x = ("},
    {
        "cell_type": "code",
        "outputs": [],
        "source": ["é = '🎉'\n", "model = nn.Conv2d(1, 2, padding=1)  # padlint: same\n"],
        "metadata": {"source": 1},
    },
    {"cell_type": "code", "source": []},
    {"cell_type": "code", "source": ["%%time\n", "if a:\n", "    !ls\n", "    b = 7 % \\\n", "    3\n", "c?"]},
]
NOTEBOOK = {"cells": CELLS, "metadata": {"kernelspec": {"language": "python"}}, "nbformat": 4, "nbformat_minor": 5}
STYLES = {
    "as jupyter writes": json.dumps(NOTEBOOK, indent=1, ensure_ascii=False) + "\n",
    "two spaces": json.dumps(NOTEBOOK, indent=2, ensure_ascii=False),
    "one line, ASCII": json.dumps(NOTEBOOK),
    "compact": json.dumps(NOTEBOOK, separators=(",", ":")),
    "CRLF": json.dumps(NOTEBOOK, indent=1).replace("\n", "\r\n"),
    "keys in another order": json.dumps(NOTEBOOK, sort_keys=True, indent="\t"),
}


def notebook(document: str) -> Source:
    return Source.from_bytes(document.encode(), "module.ipynb")


def conv(source: Source) -> Place:
    return next(
        Place(source.path, header.index, node.at)
        for header in source.statements
        for node in walk(source.lower(header.index))
        if isinstance(node, ir.Call) and isinstance(node.func, ir.Attribute) and node.func.attr == "Conv2d"
    )


@pytest.mark.parametrize("document", STYLES.values(), ids=STYLES)
def test_an_unchanged_notebook_keeps_every_byte(document: str) -> None:
    source = notebook(document)
    assert source.problem is None
    assert source.encode(source.text) == document.encode()


def test_names_of_all_code_cells() -> None:
    names = [name for header in notebook(STYLES["compact"]).statements for name in header.names]
    assert names == ["nn", "é", "model", "b"]


@pytest.mark.parametrize("document", STYLES.values(), ids=STYLES)
def test_places_count_within_their_cell(document: str) -> None:
    source = notebook(document)
    span = source.argument_value_span(conv(source), "padding")
    assert span is not None
    assert (span.cell, span.start, span.end) == (5, Position(2, 33), Position(2, 34))
    assert source.text_of(span) == "1"
    (directive,) = directives(source)
    assert isinstance(directive, Directive)
    assert (directive.span.cell, directive.span.start) == (5, Position(2, 37))


@pytest.mark.parametrize("document", STYLES.values(), ids=STYLES)
@pytest.mark.parametrize("value", ["2", "'same'", "(1,\n  'é')", '"\\""'], ids=["number", "string", "lines", "escapes"])
def test_a_change_touches_only_its_line(document: str, value: str) -> None:
    source = notebook(document)
    span = source.argument_value_span(conv(source), "padding")
    assert span is not None
    start, end = source.offset(span.start, span.cell), source.offset(span.end, span.cell)
    changed = source.encode(source.text[:start] + value + source.text[end:]).decode()

    wanted = json.loads(document)
    lines = "".join(wanted["cells"][4]["source"]).replace("padding=1", f"padding={value}").splitlines(keepends=True)
    wanted["cells"][4]["source"] = lines
    assert json.loads(changed) == wanted
    prefix = document.index("model = nn")
    assert changed[:prefix] == document[:prefix]
    suffix = len(document) - document.index("# padlint: same")
    assert changed[-suffix:] == document[-suffix:]


def test_a_source_that_is_one_string_stays_one() -> None:
    document = json.dumps({"cells": [{"cell_type": "code", "source": "x = 1\ny = 2"}]}, indent=1)
    source = notebook(document)
    changed = source.encode(source.text.replace("y = 2", "y = 3\nz = 'é'"))
    assert changed.decode() == document.replace("y = 2", "y = 3\\nz = '\\u00e9'")


def test_a_change_over_the_border_of_a_cell_is_refused() -> None:
    source = notebook(
        json.dumps({"cells": [{"cell_type": "code", "source": "x = 1"}, {"cell_type": "code", "source": "y"}]})
    )
    with pytest.raises(UnreadableError, match="border of cell"):
        source.encode("x = 1\ny\n")


MAGICS = {
    "%timeit f(1)\nx = 1": ["x"],
    "!ls\nx = 1": ["x"],
    "x = !ls\ny = 1": ["y"],
    "x = %time f(1)\ny = 1": ["y"],
    "?f\nf??\nx = 1": ["x"],
    "x = 7 % 3": ["x"],
    "x = (7\n% 3)\ny = 'a?'": ["x", "y"],
    "x = '''\n%s\n!'''": ["x"],
    "for a in b:\n    !echo {a}\nx = 1": ["a", "x"],
    "%%capture out\nx = 1": ["x"],
    "%%html\n<b>x = 1</b>": [],
    "%load_ext a \\\n  b\nx = 1": ["x"],
    "await f(1)\nx = 1": ["x"],
    " x = 1\n y = 2": ["x", "y"],
    "\n  x = [\n1]\n  %time f()\ny = 2": ["x", "y"],
    "  # a comment\nx = 1": ["x"],
    "  # a comment\n  x = 1": ["x"],
    "# %% padlint cell 1\nx = 1": ["x"],
    "# %% padlint\n%time\nx = 1": ["x"],
}


@pytest.mark.parametrize(("cell", "names"), MAGICS.items())
def test_what_is_not_python_does_not_disturb_what_is(cell: str, names: list[str]) -> None:
    document = json.dumps({"cells": [{"cell_type": "code", "source": cell}]})
    source = notebook(document)
    assert source.problem is None
    assert [name for header in source.statements for name in header.names] == names
    assert source.encode(source.text) == document.encode()


def test_a_syntax_error_has_its_cell() -> None:
    cells = [
        {"cell_type": "code", "source": "x = 1\n"},
        {"cell_type": "markdown"},
        {"cell_type": "code", "source": "y = 1\nz = = 1"},
    ]
    problem = notebook(json.dumps({"cells": cells})).problem
    assert problem is not None
    assert (problem.span.cell, problem.span.start) == (3, Position(2, 5))


def test_a_notebook_in_another_language_has_no_code() -> None:
    document = json.dumps(NOTEBOOK | {"metadata": {"kernelspec": {"language": "julia"}}})
    source = notebook(document)
    assert (source.problem, source.statements, source.encode(source.text)) == (None, (), document.encode())


REFUSED = {
    "no JSON": ("{", "not a notebook"),
    "empty": ("", "not a notebook"),
    "a list": ("[]", "not a notebook"),
    "no cells": ("{}", "no cells"),
    "cells that are none": ('{"cells": 3}', "no cells"),
    "not closed": ('{"cells": [{"cell_type": "code", "source": "x"', "not a notebook"),
    "deep": ('{"cells": ' + "[" * 100_000, "not a notebook"),
}


@pytest.mark.parametrize(("document", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_notebook_is_a_problem(document: str, message: str) -> None:
    problem = notebook(document).problem
    assert problem is not None
    assert message in problem.message
