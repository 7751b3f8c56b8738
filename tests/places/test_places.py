"""Projects of several files: whatever padlint says of a place is true of the file and the cell that it names.

`python -m tests.places` tries more of them.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Padlint, folder, padlint
from tests.places.judge import inside, judge
from tests.places.projects import Project, projects

__all__ = ["folder", "padlint"]

COUNT, SEED = 60, 20


@pytest.mark.parametrize("project", [*projects(COUNT, SEED)], ids=lambda each: each.title)
def test_places_are_told_as_they_are(project: Project, tmp_path: Path) -> None:
    with inside(tmp_path):
        judge(project, tmp_path)


HELPER = """\
from torch import nn


def make(cin, p=0):
    return nn.Sequential(
        nn.Conv2d(cin, 8, 3, padding=p),
        nn.Flatten(),
        nn.Linear(5, 10),
    )
"""
MAIN = "import torch\nfrom helper import make\n\nmake(3)(torch.randn(2, 3, 32, 32))\n"


def test_a_helper_that_is_longer_than_its_caller(padlint: Padlint, folder: Path) -> None:
    (folder / "helper.py").write_text(HELPER, encoding="utf-8")
    (folder / "main.py").write_text(MAIN, encoding="utf-8")
    done = padlint("check", "--quiet", "--output-format", "concise", "helper.py", "main.py")
    assert (done.code, done.err) == (1, "")
    assert [line.partition(": ")[0] for line in done.out.splitlines()] == ["helper.py:8:9"]


def test_a_comment_hides_what_is_found_in_a_helper_that_was_not_named(padlint: Padlint, folder: Path) -> None:
    (folder / "helper.py").write_text(HELPER.replace("10),", "10),  # padlint: ignore[PAD303]"), encoding="utf-8")
    (folder / "main.py").write_text(MAIN, encoding="utf-8")
    assert padlint("check", "main.py").code == padlint("check", "main.py", "helper.py").code == 0


def test_one_comment_of_a_class_for_the_reference_beside_it(padlint: Padlint, folder: Path) -> None:
    """The file that a comment names is found from the comment, wherever the model is made."""
    (folder / "pkg").mkdir()
    (folder / "pkg" / "ref.py").write_text(
        "import keras\n\nmodel = keras.Sequential([keras.Input((32, 32, 3)), keras.layers.Conv2D(8, 5)])\n",
        encoding="utf-8",
    )
    (folder / "pkg" / "net.py").write_text(
        "from torch import nn\n\n\n# padlint: keras=ref.py:model\nclass Net(nn.Module):\n    def __init__(self, k):\n"
        "        super().__init__()\n        self.conv = nn.Conv2d(3, 8, k)\n\n    def forward(self, x):\n"
        "        return self.conv(x)\n",
        encoding="utf-8",
    )
    (folder / "main.py").write_text(
        "import torch\nfrom pkg.net import Net\n\nNet(3)(torch.zeros(1, 3, 32, 32))\n", encoding="utf-8"
    )
    done = padlint("check", "--quiet", "--output-format", "json", "main.py", "pkg/net.py")
    (found,) = [each for each in json.loads(done.out) if each["code"] == "PAD402"]
    assert (found["path"], found["start"]["line"]) == ("main.py", 4)  # where the 3 is written
    assert found["evidence"] == [
        "the reference is pkg/ref.py:model",
        "the layer that gets k is built at pkg/net.py:8",
    ]


# ---------------------------------------------------------------- notebooks


def notebook(*cells: str) -> str:
    made = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    listed = [{**made, "source": cell.splitlines(keepends=True)} for cell in cells]
    return json.dumps({"cells": listed, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


BROKEN = {
    "a block": "y = 2\nif y:\nz = 1\n",
    "brackets": "y = 2\nz = (1,\n     2]\n",
    "a text": 'y = 2\nz = """abc\n\n',
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_lines_in_what_python_says_are_lines_of_the_cell(broken: str, padlint: Padlint, folder: Path) -> None:
    """The judge is Python, given the cell by itself."""
    cell = broken.rstrip("\n") + "\n"
    with pytest.raises(SyntaxError) as said:
        compile(cell, "cell", "exec")
    (folder / "nb.ipynb").write_text(notebook("x = 1\ny = 3\n", cell), encoding="utf-8")
    (found,) = json.loads(padlint("check", "--quiet", "--output-format", "json").out)
    assert (found["cell"], found["message"]) == (2, str(said.value.args[0]))


def test_a_comment_that_belongs_to_nothing_names_the_line_of_the_cell(padlint: Padlint, folder: Path) -> None:
    (folder / "nb.ipynb").write_text(notebook("x = 1\n", "x\n# padlint: same\ndel x\n"), encoding="utf-8")
    (found,) = json.loads(padlint("check", "--quiet", "--output-format", "json").out)
    assert (found["cell"], found["start"]["line"]) == (2, 2)
    assert found["message"].endswith("starts on line 3")


def test_a_shape_comment_of_a_cell_is_about_the_layer_of_that_cell(padlint: Padlint, folder: Path) -> None:
    head = "import torch\nfrom torch import nn\n"
    wrong = "net = nn.Sequential(\n    nn.Conv2d(3, 8, 3),  # 8 x 32 x 32\n)\nnet(torch.zeros(1, 3, 32, 32))\n"
    (folder / "nb.ipynb").write_text(notebook(head, wrong), encoding="utf-8")
    (found,) = json.loads(padlint("check", "--quiet", "--select", "PAD209", "--output-format", "json").out)
    assert (found["cell"], found["start"]["line"]) == (2, 2)


def test_what_is_not_analysed_is_named_with_its_cell(padlint: Padlint, folder: Path) -> None:
    (folder / "nb.ipynb").write_text(
        notebook("import torch\n", "x = 1\n", f"y = {' + '.join('1' * 600)}\n"), encoding="utf-8"
    )
    assert padlint("check").err.splitlines()[0].startswith("padlint: nb.ipynb:cell 3:1: not analysed")
