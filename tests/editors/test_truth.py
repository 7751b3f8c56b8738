"""What stays open says what the command line says of the same texts once they are saved, and what could not be checked is
told."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from lsprotocol import types

from tests.editors.client import Editor, commanded, serving

SAME = """\
from torch import nn

# padlint: input=(N, 3, 30, 30)
net = nn.Sequential(
    nn.Conv2d(3, 8, kernel_size=5, padding=1),  # padlint: same
    nn.ReLU(),
)
"""
FIXED = SAME.replace("padding=1", "padding=2")
HELPER = """\
from torch import nn


def block(kernel):
    return nn.Sequential(nn.Conv2d(3, 8, kernel, padding=1))  # padlint: same
"""
CALLER = "import torch\nfrom helper import block\n\nblock(5)(torch.zeros(1, 3, 8, 8))\n"
IMPORTING = "from sizes import padding\n" + SAME.replace("padding=1", "padding=padding")
CRASH = """\
import padlint.checking
comments_of = padlint.checking.comments_of
def broken(source):
    return comments_of(source) if 'boom' not in source.text else [][1]
padlint.checking.comments_of = broken
"""
"""An error in padlint that one text meets."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder of the workspace, of its own project."""
    folder = tmp_path / "root"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("")
    return folder


def codes(told: dict[str, set[tuple[str, str, int, int, int, int]]]) -> dict[str, list[str]]:
    return {name: sorted(each[0] for each in found) for name, found in told.items()}


# ---------------------------------------------------------------- what goes wrong


@pytest.mark.asyncio
async def test_an_error_in_padlint_withdraws_what_it_keeps_from_being_checked(root: Path) -> None:
    (root / "sub").mkdir()
    (root / "sub" / "padlint.toml").write_text("")
    async with serving(root, before=CRASH) as client:
        editor = Editor(client, root)
        for name in ("one.py", "two.py", "sub/three.py"):
            editor.type(name, SAME)
        assert codes(await editor.told()) == {name: ["PAD201"] for name in editor.texts}
        assert editor.messages() == []
        for text in (f"{SAME}# boom\n", f"{SAME}# boom!\n"):
            editor.type("two.py", text)
            assert codes(await editor.told()) == {"sub/three.py": ["PAD201"]}
        (said,) = editor.messages()
        assert "error in padlint" in said
        assert "IndexError" in said
        editor.type("two.py", FIXED)
        assert await editor.told() == commanded(root, editor.texts)
        editor.type("two.py", "# boom")
        assert codes(await editor.told()) == {"sub/three.py": ["PAD201"]}
        assert len(editor.messages()) == 1


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "wrong", ["[tool.padlint\n", "[tool.padlint]\nselct = []\n", "[tool.padlint]\nselect = ['NONE']\n"]
)
async def test_a_wrong_configuration_concerns_the_files_under_it(root: Path, wrong: str) -> None:
    (root / "sub").mkdir()
    async with serving(root) as client:
        editor = Editor(client, root)
        editor.type("one.py", SAME)
        editor.type("sub/two.py", SAME)
        for _ in range(2):
            (root / "sub" / "pyproject.toml").write_text(wrong)
            editor.changed("sub/pyproject.toml")
            assert codes(await editor.told()) == {"one.py": ["PAD201"]}
            (said,) = editor.messages()
            assert said.startswith("padlint: ")
            editor.type("one.py", SAME + "\n")
            assert codes(await editor.told()) == {"one.py": ["PAD201"]}
            assert editor.messages() == []
            (root / "sub" / "pyproject.toml").unlink()
            editor.changed("sub/pyproject.toml")
            assert await editor.told() == commanded(root, editor.texts)
            assert editor.messages() == []
            editor.type("one.py", SAME)


@pytest.mark.asyncio
@pytest.mark.parametrize("wrong", [{"selct": []}, {"select": 5}, {"select": ["NONE"]}, 5])
async def test_wrong_settings_of_the_editor_are_told_until_they_are_right(root: Path, wrong: object) -> None:
    async with serving(root, options=wrong) as client:
        editor = Editor(client, root)
        editor.type("one.py", SAME)
        assert await editor.told() == {}
        (said,) = editor.messages()
        assert said.startswith("padlint: ")
        for settings, found in (
            ({"select": ["PAD2"]}, {"one.py": ["PAD201"]}),
            (wrong, {}),
            ({}, {"one.py": ["PAD201"]}),
        ):
            client.workspace_did_change_configuration(types.DidChangeConfigurationParams({"padlint": settings}))
            assert codes(await editor.told()) == found
            assert editor.messages() == ([said] if settings == wrong else [])


@pytest.mark.asyncio
async def test_what_is_not_analysed_is_told(root: Path) -> None:
    async with serving(root) as client:
        editor = Editor(client, root)
        editor.type("large.py", f"import torch\n{SAME}# {'x' * 1_000_000}\n")
        assert await editor.told() == {}
        (said,) = editor.messages()
        assert "large.py" in said
        assert "not analysed" in said


# ---------------------------------------------------------------- one file and others


@pytest.mark.asyncio
async def test_a_helper_that_is_opened_alone_is_called_by_files_on_the_disk(root: Path) -> None:
    (root / "helper.py").write_text(HELPER)
    async with serving(root) as client:
        editor = Editor(client, root)
        editor.type("helper.py", HELPER)
        assert await editor.told() == {}
        (root / "main.py").write_text(CALLER)
        editor.changed("main.py")
        told = await editor.told()
        assert told == commanded(root, editor.texts)
        assert codes(told) == {"helper.py": ["PAD201"]}
        (root / "main.py").unlink()
        editor.changed("main.py")
        assert await editor.told() == {}


@pytest.mark.asyncio
async def test_a_caller_is_seen_as_it_is_in_the_editor(root: Path) -> None:
    """Also where it has another configuration, or was never saved."""
    (root / "helper.py").write_text(HELPER)
    (root / "sub").mkdir()
    (root / "sub" / "padlint.toml").write_text("ignore = ['PAD2']\n")
    (root / "sub" / "main.py").write_text("import torch\n")
    async with serving(root) as client:
        editor = Editor(client, root)
        editor.type("helper.py", HELPER)
        assert await editor.told() == {}
        for name in ("sub/main.py", "sub/new.py"):
            editor.type(name, CALLER)
            told = await editor.told()
            assert codes(told) == {"helper.py": ["PAD201"]}, name
            assert told == commanded(root, editor.texts)
            editor.close(name)
            assert await editor.told() == {}


@pytest.mark.asyncio
async def test_modules_that_come_and_go(root: Path) -> None:
    async with serving(root) as client:
        editor = Editor(client, root)
        editor.type("net.py", IMPORTING)
        assert await editor.told() == {}
        (root / "sizes.py").write_text("padding = 1\n")
        editor.changed("sizes.py")
        assert codes(await editor.told()) == {"net.py": ["PAD201"]}
        editor.type("sizes.py", "padding = 2\n")
        assert await editor.told() == {}
        editor.type("sizes.py", "padding = 1\n")
        (root / "sizes.py").unlink()
        editor.changed("sizes.py")
        assert codes(await editor.told()) == {"net.py": ["PAD201"]}
        editor.close("sizes.py")
        assert await editor.told() == {}
        editor.type("sizes.py", "padding = 1\n")
        told = await editor.told()
        assert codes(told) == {"net.py": ["PAD201"]}
        assert told == commanded(root, editor.texts)


@pytest.mark.asyncio
async def test_files_that_nobody_has_saved_make_a_package(root: Path) -> None:
    (root / "pyproject.toml").unlink()
    async with serving(root) as client:
        editor = Editor(client, root)
        editor.type("pkg/__init__.py", "")
        editor.type("pkg/sizes.py", "padding = 1\n")
        editor.type("pkg/net.py", IMPORTING.replace("sizes", "pkg.sizes"))
        editor.type("pkg/near.py", IMPORTING.replace("sizes", ".sizes"))
        told = await editor.told()
        assert codes(told) == {"pkg/net.py": ["PAD201"], "pkg/near.py": ["PAD201"]}
        assert told == commanded(root, editor.texts)


@pytest.mark.asyncio
async def test_what_happens_on_disk_is_seen_though_the_editor_does_not_say_it(root: Path) -> None:
    async with serving(root) as client:
        editor = Editor(client, root)
        editor.type("net.py", IMPORTING)
        editor.type("new.py", "")
        assert await editor.told() == {}
        (root / "sizes.py").write_text("padding = 1\n")
        assert await editor.comes_to("net.py", ["PAD201"])
        (root / "padlint.toml").write_text("ignore = ['PAD201']\n")
        assert await editor.comes_to("net.py", [])
        (root / "padlint.toml").write_text("ignore = []\n")
        assert await editor.comes_to("net.py", ["PAD201"])
        (root / "sizes.py").unlink()
        assert await editor.comes_to("net.py", [])


@pytest.mark.asyncio
async def test_two_names_of_one_file_may_have_two_texts(root: Path) -> None:
    (root / "net.py").write_text(FIXED)
    (root / "link.py").symlink_to("net.py")
    async with serving(root) as client:
        editor = Editor(client, root)
        editor.type("net.py", FIXED)
        editor.type("link.py", SAME)
        assert codes(await editor.told()) == {"link.py": ["PAD201"]}
        editor.type("net.py", SAME)
        editor.type("link.py", FIXED)
        assert codes(await editor.told()) == {"net.py": ["PAD201"]}


@pytest.mark.asyncio
async def test_rapid_edits_end_with_the_last(root: Path) -> None:
    async with serving(root) as client:
        editor = Editor(client, root)
        for number in range(40):
            editor.type("net.py", (SAME if number % 2 else FIXED) + "\n" * number)
            if number % 13 == 0:
                await editor.told()
        assert codes(await editor.told()) == {"net.py": ["PAD201"]}
        editor.type("net.py", "x = (\n")
        assert await editor.told() == commanded(root, editor.texts)
        editor.type("net.py", FIXED)
        assert await editor.told() == {}


# ---------------------------------------------------------------- where files lie


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["a b.py", "a#b.py", "a%20b.py", "a?b.py", "añ.py", "in a/folder#1/net.py"])
async def test_names_that_addresses_write_otherwise(root: Path, name: str) -> None:
    async with serving(root) as client:
        editor = Editor(client, root)
        editor.type(name, SAME)
        assert codes(await editor.told()) == {name: ["PAD201"]}
        editor.close(name)
        editor.type("other.py", "")
        await editor.settled()
        assert list(client.diagnostics[editor.uri(name)]) == []


@pytest.mark.asyncio
async def test_a_workspace_is_where_its_paths_begin(tmp_path: Path) -> None:
    """Whatever folder the server was started in: nothing above the workspace excludes what is in it."""
    root = tmp_path / "build" / "project"
    (root / "dist").mkdir(parents=True)
    async with serving(root, before=f"import os; os.chdir({str(tmp_path)!r})") as client:
        editor = Editor(client, root)
        editor.type("net.py", SAME)
        editor.type("dist/net.py", SAME)
        told = await editor.told()
        assert codes(told) == {"net.py": ["PAD201"]}
        assert told == commanded(root, editor.texts)


@pytest.mark.asyncio
async def test_folders_of_the_workspace_have_their_own_settings(tmp_path: Path) -> None:
    one, two, lone = (tmp_path / name for name in ("one", "two", "lone"))
    for folder in (one, two, lone):
        (folder / "lib").mkdir(parents=True)
        (folder / "lib" / "sizes.py").write_text(f"padding = {1 + (folder != one)}\n")
    (two / "padlint.toml").write_text("exclude = ['skipped']\n")
    async with serving(one, two, options={"search-path": ["lib"]}) as client:
        first, second, third = (Editor(client, folder) for folder in (one, two, lone))
        for editor in (first, second, third):
            editor.type("net.py", IMPORTING)
        second.type("skipped/net.py", SAME)
        assert codes(await first.told()) == {"net.py": ["PAD201"]}
        assert await second.told() == await third.told() == {}
        (two / "padlint.toml").unlink()
        second.changed("padlint.toml")
        assert codes(await second.told()) == {"skipped/net.py": ["PAD201"]}


@pytest.mark.asyncio
async def test_a_text_that_has_no_file_yet(root: Path) -> None:
    async with serving(root) as client:
        item = types.TextDocumentItem("untitled:Untitled-1", "python", 1, SAME)
        client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        other = types.TextDocumentItem("git:/root/net.py?HEAD", "python", 1, SAME)
        client.text_document_did_open(types.DidOpenTextDocumentParams(other))
        data = types.TextDocumentItem((root / "pyproject.toml").as_uri(), "toml", 1, "[tool.padlint]\nselect = []\n")
        client.text_document_did_open(types.DidOpenTextDocumentParams(data))
        await Editor(client, root).settled()
        found = {uri: [each.code for each in told] for uri, told in client.diagnostics.items() if told}
        assert found == {"untitled:Untitled-1": ["PAD201"]}


def test_the_judge_judges(root: Path) -> None:
    assert codes(commanded(root, {"net.py": SAME, "other.py": FIXED})) == {"net.py": ["PAD201"]}
    assert sys.executable
