"""Notebooks from end to end: their cells are one program, and nothing but the changed line changes in the file."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Padlint, contents

IMPORTS = "%matplotlib inline\nimport torch\nfrom torch import nn\n!pip install x \\\n  y"
SIZES = "width = 8  # é 😀\nchannels = 3"
MODEL = """\
%%time
# padlint: input=(N, 3, 30, 30)
net = nn.Sequential(
    nn.ReLU(),
    nn.ReLU(),
    nn.ReLU(),
    a := nn.Conv2d(channels, width, 5, padding=1),  # padlint: same
)
net?"""
BASH = "%%bash\nfor i in 1 2; do echo nn.Conv2d($i; done"
FIXED = MODEL.replace("padding=1", "padding=2")


def cell(source: str | list[str], kind: str = "code") -> dict[str, object]:
    outputs = {"outputs": [{"name": "stdout", "output_type": "stream", "text": ["padding=1\n"]}], "execution_count": 3}
    return {"cell_type": kind, "metadata": {"tags": ["x"]}, "source": source, **(outputs if kind == "code" else {})}


def document(model: str = MODEL) -> dict[str, object]:
    return {
        "cells": [
            cell("# padding=1", "markdown"),
            cell(IMPORTS.splitlines(keepends=True)),
            cell(model.splitlines(keepends=True)),
            cell(BASH),
            cell([]),
            cell("net(torch.zeros(1, 3, 30, 30))"),
        ],
        "metadata": {"kernelspec": {"language": "python", "name": "python3"}, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


STYLES = {
    "as jupyter writes": {"indent": 1, "ensure_ascii": False},
    "ascii": {"indent": 4},
    "compact": {"separators": (",", ":")},
    "sorted": {"indent": 1, "sort_keys": True},
}


def written(folder: Path, model: str = MODEL, style: str = "as jupyter writes") -> Path:
    """A notebook whose third cell is the model, with the sizes in the cell in front of it."""
    path = folder / "nb.ipynb"
    made = document(model)
    made["cells"][1]["source"] += ["\n", *SIZES.splitlines(keepends=True)]  # type: ignore[index]
    path.write_text(json.dumps(made, **STYLES[style]) + "\n", encoding="utf-8")  # type: ignore[arg-type]
    return path


def test_a_finding_has_its_cell_line_and_column(padlint: Padlint, folder: Path) -> None:
    written(folder)
    done = padlint("check", "--quiet", "--output-format", "concise")
    assert done.code == 1
    assert done.out.startswith(
        "nb.ipynb:cell 3:7:10: PAD201 [*] Conv2d(kernel_size=5, padding=1) gives 28x28 from 30x30"
    )
    assert done.out.count("\n") == 1


def test_a_finding_with_its_line_and_its_fix(padlint: Padlint, folder: Path) -> None:
    written(folder)
    lines = padlint("check", "--quiet").out.splitlines()
    assert lines[1] == "   --> nb.ipynb:cell 3:7:10"
    assert lines[3] == "  7 |     a := nn.Conv2d(channels, width, 5, padding=1),  # padlint: same"
    assert lines[4] == "    |" + " " * 40 + "^^^^^^^^^"
    assert "+     a := nn.Conv2d(channels, width, 5, padding=2),  # padlint: same" in "\n".join(lines)


def test_json_says_the_cell(padlint: Padlint, folder: Path) -> None:
    written(folder)
    (found,) = json.loads(padlint("check", "--quiet", "--output-format", "json").out)
    assert (found["path"], found["cell"], found["start"]) == ("nb.ipynb", 3, {"line": 7, "column": 10})
    assert found["highlight"] == {"start": {"line": 7, "column": 40}, "end": {"line": 7, "column": 49}}
    assert found["input_shape"][1:] == [3, 30, 30]


@pytest.mark.parametrize("style", STYLES)
def test_fix_changes_one_character_of_the_file(padlint: Padlint, folder: Path, style: str) -> None:
    path = written(folder, style=style)
    before = path.read_text(encoding="utf-8")
    done = padlint("check", "--fix")
    assert (done.code, done.out) == (0, "")
    expected = before.replace("width, 5, padding=1", "width, 5, padding=2")
    assert expected != before
    assert path.read_text(encoding="utf-8") == expected


def test_git_applies_the_diff(padlint: Padlint, folder: Path) -> None:
    path = written(folder)
    before = contents(folder)
    done = padlint("check", "--quiet", "--diff")
    assert done.code == 1
    assert contents(folder) == before
    subprocess.run(["git", "apply", "-"], input=done.out, text=True, check=True)
    assert "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][2]["source"]) == FIXED


def test_from_standard_input_to_standard_output(padlint: Padlint, folder: Path) -> None:
    text = written(folder).read_text(encoding="utf-8")
    done = padlint("check", "--quiet", "--fix", "-", "--stdin-filename", "nb.ipynb", stdin=text)
    assert (done.code, done.out) == (0, text.replace("width, 5, padding=1", "width, 5, padding=2"))


def test_a_layer_is_explained_by_its_cell(padlint: Padlint, folder: Path) -> None:
    written(folder)
    done = padlint("explain", "nb.ipynb:cell 3:7")
    assert (done.code, done.err) == (0, "")
    assert "padding=2" in done.out


def test_comments_are_added_and_taken_away_again(padlint: Padlint, folder: Path) -> None:
    path = written(folder)
    before = path.read_text(encoding="utf-8")
    assert padlint("check", "--add-ignore").code == 0
    added = path.read_text(encoding="utf-8")
    assert added == before.replace("padlint: same", "padlint: same  # padlint: ignore[PAD201]")
    path.write_text(added.replace("width, 5, padding=1", "width, 5, padding=2"), encoding="utf-8")
    assert padlint("check", "--fix").code == 0
    assert path.read_text(encoding="utf-8") == before.replace("width, 5, padding=1", "width, 5, padding=2")


@pytest.mark.parametrize(
    ("source", "after"),
    [
        ("x = 1\n# padlint: ignore[PAD201]", "x = 1"),
        ("# padlint: ignore[PAD201]\nx = 1", "x = 1"),
        ("x = 1\n# padlint: ignore[PAD201]\ny = 1\n", "x = 1\ny = 1\n"),
        ("# padlint: ignore[PAD201]", ""),
        ("# padlint: ignore[PAD201]\n", ""),
        ("x = 1  # padlint: ignore[PAD201]", "x = 1"),
    ],
    ids=["last line", "first line", "between", "alone", "alone with a line end", "behind code"],
)
@pytest.mark.parametrize("last", [True, False], ids=["last cell", "not the last"])
def test_unused_comments_leave_whole_cells(padlint: Padlint, folder: Path, source: str, after: str, last: bool) -> None:
    cells = [cell("import torch"), cell(source), *([] if last else [cell("y = 2")])]
    (folder / "nb.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4}))
    done = padlint("check", "--quiet", "--fix", "nb.ipynb")
    assert (done.code, done.err) == (0, "")
    found = json.loads((folder / "nb.ipynb").read_text())["cells"]
    assert [each["source"] for each in found] == ["import torch", after, *([] if last else ["y = 2"])]


def test_a_baseline_and_git_know_cells_by_their_code(padlint: Padlint, folder: Path, repository: None) -> None:
    path = written(folder)
    subprocess.run(["git", "add", "-A"], check=True)
    subprocess.run(["git", "commit", "-q", "-m", "a notebook"], check=True)
    padlint("check", "--baseline", "known.json", "--write-baseline")
    moved = json.loads(path.read_text(encoding="utf-8"))
    moved["cells"].insert(0, cell("run = 1"))
    moved["cells"][3]["outputs"] = []
    path.write_text(json.dumps(moved, indent=2))
    assert padlint("check", "--quiet", "--baseline", "known.json").code == 0
    assert padlint("check", "--quiet", "--since", "HEAD").code == 0
    path.write_text(json.dumps(moved, indent=2).replace("5, padding=1", "7, padding=1"))
    assert padlint("check", "--quiet", "--since", "HEAD").code == 1


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": 3}', "\xff"])
def test_what_is_no_notebook_is_a_finding(padlint: Padlint, folder: Path, text: str) -> None:
    (folder / "nb.ipynb").write_text(text, encoding="latin-1")
    done = padlint("check", "--quiet", "--fix", "--output-format", "concise")
    assert (done.code, done.err) == (1, "")
    assert done.out.startswith("nb.ipynb:1:")
    assert ": PAD001 " in done.out
    assert (folder / "nb.ipynb").read_text(encoding="latin-1") == text


TORCH = "import torch\nfrom torch import nn"
WRONG = "net = nn.Sequential(nn.Flatten(), nn.Linear(10, 5))"
USED = "net(torch.zeros(1, 3, 4, 4))"
CLASS = "class Net(nn.Sequential):\n    def __init__(self):\n        super().__init__(nn.Flatten(), nn.Linear(10, 5))"


def found_in(padlint: Padlint, folder: Path, *sources: str) -> list[str]:
    """The code and cell of each finding."""
    (folder / "nb.ipynb").write_text(json.dumps({"cells": [cell(each) for each in sources], "nbformat": 4}))
    done = padlint("check", "--quiet", "--no-cache", "--output-format", "json")
    return [f"{each['code']} {each['cell']}" for each in json.loads(done.out)]


@pytest.mark.parametrize(
    "broken",
    [
        "x = # TODO",
        "This net is the one we use, as torch has it.",
        "@misc{he2015,\n  title = {Deep Residual Learning},\n  year = {2015}\n}",
        "library(ggplot2)\nx <- c(1, 2",
        "loss = criterion(net(x), y",
        "net(torch.zeros(1, 3, 4, 4)",
        "torch.manual_seed(0",
    ],
)
def test_a_broken_cell_leaves_the_others_checked(padlint: Padlint, folder: Path, broken: str) -> None:
    assert found_in(padlint, folder, TORCH, broken, WRONG, USED) == ["PAD001 2", "PAD303 3"]
    assert found_in(padlint, folder, TORCH, WRONG, broken, USED) == ["PAD303 2", "PAD001 3"]
    assert found_in(padlint, folder, TORCH, WRONG, USED, broken, broken) == ["PAD303 2", "PAD001 4", "PAD001 5"]


@pytest.mark.parametrize(
    ("defined", "between", "used"),
    [
        (WRONG, "net = nn.Sequential(nn.Flatten(), nn.Linear(48, 5)", USED),
        (WRONG, "net[1] = nn.Linear(48, 5", USED),
        (WRONG, "net.add_module('1', nn.Linear(48, 5)", USED),
        (WRONG, "class net(nn.Module:", USED),
        (WRONG, "from models import net, (", USED),
        (WRONG, "from models import *\nx = = 1", USED),
        (WRONG, "for net in nets print(net)", USED),
        (WRONG, "exec('net = f()'", USED),
        (WRONG + "\nmodel = nn.Sequential(net)", "net[1] = nn.Linear(48, 5", "model(torch.zeros(1, 3, 4, 4))"),
        (CLASS, "class Net(nn.Module:", "Net()(torch.zeros(1, 3, 4, 4))"),
        ("width = 10", "width = 48 +", "nn.Linear(width, 5)(torch.zeros(1, 48))"),
        ("def layer():\n    return nn.Linear(10, 5)", "def layer(:", "layer()(torch.zeros(1, 48))"),
    ],
)
def test_what_a_broken_cell_may_have_set_is_not_known(
    padlint: Padlint, folder: Path, defined: str, between: str, used: str
) -> None:
    assert len(found_in(padlint, folder, TORCH, defined, used)) == 1
    assert found_in(padlint, folder, TORCH, defined, between, used) == ["PAD001 3"]


@pytest.mark.parametrize(
    "line", ["width = !wc -l x", "width = %env W", "%run sizes.py", "%%capture width\nprint(48)", "%store -r width"]
)
def test_what_a_line_of_ipython_may_have_set_is_not_known(padlint: Padlint, folder: Path, line: str) -> None:
    used = "nn.Linear(width, 5)(torch.zeros(1, 48))"
    assert found_in(padlint, folder, TORCH, "width = 10", used) == ["PAD303 3"]
    assert found_in(padlint, folder, TORCH, "width = 10", line, used) == []


def test_what_is_timed_is_run(padlint: Padlint, folder: Path) -> None:
    assert found_in(padlint, folder, TORCH, "%time " + WRONG, "%timeit " + USED) == ["PAD303 2"]
    assert found_in(padlint, folder, TORCH, "width = 10", "%%timeit\nwidth = 48", "nn.Linear(width, 1)") == []


def test_a_line_that_was_moved_is_shown_as_it_stands(padlint: Padlint, folder: Path) -> None:
    source = ">>> " + WRONG + "\n>>> " + USED
    (folder / "nb.ipynb").write_text(json.dumps({"cells": [cell(TORCH), cell(source)], "nbformat": 4}))
    lines = padlint("check", "--quiet").out.splitlines()
    assert lines[1] == "   --> nb.ipynb:cell 2:1:39"
    assert lines[3] == "  1 | " + source.splitlines()[0]
    assert lines[4] == "    | " + " " * source.index("10, 5") + "^^"
    padlint("check", "--fix", "--unsafe-fixes")
    cells = json.loads((folder / "nb.ipynb").read_text())["cells"]
    assert cells[1]["source"] == source.replace("10, 5", "48, 5")


@pytest.mark.parametrize("source", [5, [["x"]], {}, None])
def test_a_cell_that_is_none_is_never_passed_over_in_silence(padlint: Padlint, folder: Path, source: object) -> None:
    cells = [cell(TORCH), {"cell_type": "code", "source": source}, cell(WRONG), cell(USED)]
    (folder / "nb.ipynb").write_text(json.dumps({"cells": cells}))
    done = padlint("check", "--output-format", "concise")
    assert done.code == 1
    assert "nb.ipynb:cell 2:1:1: PAD001 not a cell" in done.out
    assert "nb.ipynb:cell 3:" in done.out


def test_a_broken_cell_is_news_where_it_changed(padlint: Padlint, folder: Path, repository: None) -> None:
    def write(*sources: str) -> None:
        (folder / "nb.ipynb").write_text(json.dumps({"cells": [cell(each) for each in sources], "nbformat": 4}))

    def news() -> list[str]:
        done = padlint("check", "--quiet", "--since", "HEAD", "--output-format", "json")
        return [f"{each['code']} {each['cell']}" for each in json.loads(done.out)]

    write(TORCH, "x = (", WRONG, USED)
    subprocess.run(["git", "add", "-A"], check=True)
    subprocess.run(["git", "commit", "-q", "-m", "a notebook"], check=True)
    assert news() == []
    write(TORCH, "x = (", "y = 1", WRONG, USED)
    assert news() == []
    write(TORCH, "# why\nx = (", WRONG, USED)
    assert news() == ["PAD001 2"]
    write(TORCH, "x = (", WRONG + " )", USED)
    assert news() == ["PAD001 3"]
