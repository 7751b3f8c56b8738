"""`--add-ignore`, and PAD003, which takes away again what hides nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Padlint

HEAD = "from torch import nn\n\n# padlint: input=(N, 3, 30, 30), same\nnet = nn.Sequential(\n"
LAYER = "    nn.Conv2d(3, 8, 5, padding=1),"
TAIL = "\n    nn.ReLU(),\n)\n"
BAD = HEAD + LAYER + TAIL
PAIR = "a, b = nn.MaxPool2d(3, padding=2), nn.Conv2d(3, 8, 3, 2, padding='same')"
ADDED = "  # padlint: ignore[PAD201]"


def model(layer: str) -> str:
    return HEAD + layer + TAIL


ADDITIONS = {
    "a line": (BAD, model(LAYER + ADDED)),
    "several lines": (
        model("    nn.Conv2d(\n        3,\n        8,\n        5,\n        padding=1,\n    ),"),
        model(f"    nn.Conv2d({ADDED}\n        3,\n        8,\n        5,\n        padding=1,\n    ),"),
    ),
    "behind a comment": (model(LAYER + "  # the first"), model(LAYER + "  # the first" + ADDED)),
    "behind a directive": (model(LAYER + "  # padlint: same"), model(LAYER + "  # padlint: same" + ADDED)),
    "into an ignore": (
        f"from torch import nn\n\n{PAIR}  # padlint: ignore[PAD101] why\n",
        f"from torch import nn\n\n{PAIR}  # padlint: ignore[PAD101, PAD103] why\n",
    ),
    "behind trailing blanks": (model(LAYER + " \t"), model(LAYER + " \t" + ADDED)),
    "crlf": (BAD.replace("\n", "\r\n"), model(LAYER + ADDED).replace("\n", "\r\n")),
    "bom": ("\ufeff" + BAD, "\ufeff" + model(LAYER + ADDED)),
    "two on a line": (
        f"from torch import nn\n\n{PAIR}",
        f"from torch import nn\n\n{PAIR}  # padlint: ignore[PAD101, PAD103]",
    ),
    "odd characters": (
        model("    # 😀\u2028\x0c\n" + LAYER + "  # é"),
        model("    # 😀\u2028\x0c\n" + LAYER + "  # é" + ADDED),
    ),
}


@pytest.mark.parametrize(("before", "after"), ADDITIONS.values(), ids=ADDITIONS)
def test_a_comment_is_added_once_and_all_else_kept(padlint: Padlint, folder: Path, before: str, after: str) -> None:
    path = folder / "net.py"
    path.write_bytes(before.encode())
    done = padlint("check", "--add-ignore")
    assert path.read_bytes().decode() == after
    assert (done.code, done.out) == (0, "")
    assert done.complaint == "padlint: 1 ignore added; nothing found in 1 file"
    again = padlint("check", "--add-ignore")
    assert (again.code, again.complaint) == (0, "padlint: nothing found in 1 file")
    assert path.read_bytes().decode() == after


def test_a_whole_tree(padlint: Padlint, folder: Path) -> None:
    names = ["a.py", "b/c.py", "b/d/e.py"]
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(BAD)
    (folder / "broken.py").write_text("import torch\nx = (\n")
    done = padlint("check", "--add-ignore", "--output-format", "concise")
    assert [(folder / name).read_text() for name in names] == [model(LAYER + ADDED)] * 3
    assert (done.code, done.out.split(": ")[:2]) == (1, ["broken.py:2:5", "PAD001 '(' was never closed\n"])
    assert done.complaint == "padlint: 3 ignores added; 1 error found in 4 files"


@pytest.mark.parametrize(
    "text",
    [
        "from torch import nn\n\nx = nn.MaxPool2d(3, padding=2), '''\n'''\n",
        "from torch import nn\n\nx = nn.MaxPool2d(3, padding=2), \\\n    3\n",
        "from torch import nn\n\n# padlint: smae\nx = 3\n",
        "from torch import nn\n\nx = 3  # padlint: ignore[PAD201]\n",
    ],
    ids=["in a string", "before a backslash", "a wrong comment", "an unused comment"],
)
def test_where_no_comment_can_stand_none_is_written(padlint: Padlint, folder: Path, text: str) -> None:
    (folder / "net.py").write_text(text)
    done = padlint("check", "--quiet", "--add-ignore")
    assert done.code == 1
    assert (folder / "net.py").read_text() == text


def test_only_what_is_selected_gets_a_comment(padlint: Padlint, folder: Path) -> None:
    text = BAD + "\npool = nn.MaxPool2d(3, padding=2)\n"
    (folder / "net.py").write_text(text)
    assert padlint("check", "--quiet", "--add-ignore", "--select", "PAD1").code == 0
    assert (folder / "net.py").read_text() == text.replace("padding=2)", "padding=2)  # padlint: ignore[PAD103]")


def test_standard_input_gets_its_comments_on_standard_output(padlint: Padlint) -> None:
    done = padlint("check", "--quiet", "--add-ignore", "-", stdin=BAD)
    assert (done.code, done.out, done.err) == (0, model(LAYER + ADDED), "")


# ---------------------------------------------------------------- PAD003

GOOD = model(LAYER.replace("padding=1", "padding=2"))
OK = LAYER.replace("padding=1", "padding=2")
REMOVALS = {
    "at the end of a line": (model(OK + "  # padlint: ignore[PAD201]"), GOOD),
    "with a reason": (model(OK + "\t # padlint: ignore[PAD201] why"), GOOD),
    "alone on its line": (model("    # padlint: ignore[PAD201]\n" + OK), GOOD),
    "two lines": (model("    # padlint: ignore[PAD201]\n    # padlint: ignore[PAD101] why\n" + OK), GOOD),
    "the first line": ("# padlint: ignore-file[PAD201]\n" + GOOD, GOOD),
    "the last line": (GOOD + "# padlint: ignore-file[PAD201]", GOOD),
    "behind a comment": (model(OK + "  # note  # padlint: ignore[PAD201]"), model(OK + "  # note")),
    "before a comment": (model(OK + "  # padlint: ignore[PAD201]  # note"), model(OK + "  # note")),
    "alone with a note": (model("    # note # padlint: ignore[PAD201]\n" + OK), model("    # note\n" + OK)),
    "noqa": (model(OK + "  # noqa: PAD201"), GOOD),
    "noqa with a reason": (model(OK + "  # noqa: PAD201 why"), GOOD),
    "noqa of others": (model(OK + "  # noqa: E501, PAD201, F401"), model(OK + "  # noqa: E501, F401")),
    "noqa of others with a reason": (model(OK + "  # noqa: PAD201,E501 why"), model(OK + "  # noqa: E501 why")),
    "one of two": (
        model(LAYER + "  # padlint: ignore[PAD201, PAD101] why"),
        model(LAYER + "  # padlint: ignore[PAD201] why"),
    ),
    "two of three": (
        model(LAYER + "  # padlint: ignore[PAD101,PAD201 , shape-not-valid]"),
        model(LAYER + "  # padlint: ignore[PAD201]"),
    ),
    "of a whole file": (
        "# padlint: ignore-file[PAD201, PAD101]\n" + BAD,
        "# padlint: ignore-file[PAD201]\n" + BAD,
    ),
    "crlf": (
        model("    # padlint: ignore[PAD201]\n" + OK + "  # padlint: ignore[PAD101]").replace("\n", "\r\n"),
        GOOD.replace("\n", "\r\n"),
    ),
}


@pytest.mark.parametrize(("before", "after"), REMOVALS.values(), ids=REMOVALS)
def test_what_hides_nothing_is_removed_without_a_trace(padlint: Padlint, folder: Path, before: str, after: str) -> None:
    path = folder / "net.py"
    path.write_bytes(before.encode())
    done = padlint("check", "--quiet", "--output-format", "json", "net.py")
    assert {each["code"] for each in json.loads(done.out)} == {"PAD003"}
    assert padlint("check", "--quiet", "--fix", "net.py").code == 0
    assert path.read_bytes().decode() == after


def test_what_was_added_is_removed_when_the_mistake_is_gone(padlint: Padlint, folder: Path) -> None:
    for before, _ in ADDITIONS.values():
        (folder / "net.py").write_bytes(before.encode())
        padlint("check", "--quiet", "--add-ignore", "net.py")
        added = (folder / "net.py").read_bytes()
        kept = added.replace(b"Conv2d(", b"Identity(").replace(b"MaxPool2d(", b"Identity(")
        kept = kept.replace(b"# padlint: same", b"# the same")  # an Identity has no window that could be
        assert kept.count(b"PAD") == added.count(b"PAD")
        (folder / "net.py").write_bytes(kept)
        assert padlint("check", "--quiet", "--fix", "net.py").code == 0
        assert b"PAD" not in (folder / "net.py").read_bytes()
