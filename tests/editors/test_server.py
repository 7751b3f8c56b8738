"""The language server as a process of its own, driven by an independent client."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from tests.editors.client import Document

SAME = """\
from torch import nn

# padlint: input=(N, 3, 30, 30)
net = nn.Sequential(
    nn.Conv2d(3, 8, kernel_size=5, padding=1),  # padlint: same
    nn.ReLU(),
)
"""
FIXED = SAME.replace("padding=1", "padding=2")


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    """Two workspace folders, the second with a configuration of its own."""
    found = [tmp_path / "one", tmp_path / "two"]
    for folder in found:
        folder.mkdir()
    (found[1] / "padlint.toml").write_text('ignore = ["PAD201"]\n')
    return found


@pytest_lsp.fixture(config=ClientServerConfig(server_command=[sys.executable, "-m", "padlint", "server"]))
async def client(lsp_client: LanguageClient, folders: list[Path]) -> AsyncIterator[None]:
    workspace = [types.WorkspaceFolder(folder.as_uri(), folder.name) for folder in folders]
    parameters = types.InitializeParams(client_capabilities("visual-studio-code"), workspace_folders=workspace)
    await lsp_client.initialize_session(parameters)
    yield
    await lsp_client.shutdown_session()


def spot(line: int, first: int, last: int) -> types.Range:
    return types.Range(types.Position(line, first), types.Position(line, last))


def applied(text: str, edit: types.WorkspaceEdit | None) -> str:
    """The text of one file under an edit whose columns are UTF-16, as the protocol says."""
    assert edit is not None and edit.changes is not None
    (edits,) = edit.changes.values()
    lines = [line.encode("utf-16-le") for line in text.split("\n")]
    for each in sorted(edits, key=lambda each: (each.range.start.line, each.range.start.character), reverse=True):
        start, end = each.range.start, each.range.end
        joined = lines[start.line][: 2 * start.character] + each.new_text.encode("utf-16-le")
        lines[start.line : end.line + 1] = [joined + lines[end.line][2 * end.character :]]
    return "\n".join(line.decode("utf-16-le") for line in lines)


@pytest.mark.asyncio
async def test_a_diagnostic_while_typing(client: LanguageClient, folders: list[Path]) -> None:
    document = Document(client, folders[0] / "net.py")
    assert await document.open(FIXED) == []
    (found,) = await document.type(SAME)
    assert (found.range, found.code, found.source) == (spot(4, 35, 44), "PAD201", "padlint")
    assert found.severity == types.DiagnosticSeverity.Error
    assert found.message.startswith("Conv2d(kernel_size=5, padding=1) gives 28x28 from 30x30")
    assert found.code_description is not None
    assert found.code_description.href.endswith("/rules/PAD201.md")
    assert await document.type(FIXED) == []
    assert [found.code for found in await document.type("import torch\nx = (")] == ["PAD001"]


@pytest.mark.asyncio
async def test_columns_are_utf_16(client: LanguageClient, folders: list[Path]) -> None:
    document = Document(client, folders[0] / "net.py")
    before = "*['😀é'][1:], "
    text = SAME.replace("    nn.Conv2d", f"    # \x0c\u2028\n    {before}nn.Conv2d")
    shift = len(before.encode("utf-16-le")) // 2
    (found,) = await document.open(text)
    assert found.range == spot(5, 35 + shift, 44 + shift)
    (fix, *_) = await document.actions(5, "quickfix")
    assert applied(text, fix.edit) == text.replace("padding=1", "padding=2")


@pytest.mark.asyncio
async def test_quick_fixes_ignores_and_fix_all(client: LanguageClient, folders: list[Path]) -> None:
    document = Document(client, folders[0] / "net.py")
    await document.open(SAME)
    fix, ignore, everything = await document.actions(4)
    assert (fix.title, fix.kind, fix.is_preferred) == ("PAD201: set padding=2", "quickfix", True)
    assert applied(SAME, fix.edit) == applied(SAME, everything.edit) == FIXED
    assert ignore.title == "PAD201: ignore PAD201 here"
    assert applied(SAME, ignore.edit) == SAME.replace("same\n    nn.R", "same  # padlint: ignore[PAD201]\n    nn.R")
    assert everything.kind == "source.fixAll.padlint"
    assert [each.kind for each in await document.actions(0)] == ["source.fixAll.padlint"]
    for only in ("source", "source.fixAll", "source.fixAll.padlint"):
        assert [each.kind for each in await document.actions(4, only)] == ["source.fixAll.padlint"]
    assert await document.actions(4, "refactor") == []
    assert await document.type(applied(SAME, fix.edit)) == []
    assert await document.actions(4) == []


@pytest.mark.asyncio
async def test_shapes_on_hover_and_behind_the_layers(client: LanguageClient, folders: list[Path]) -> None:
    document = Document(client, folders[0] / "net.py")
    await document.open(SAME)
    said = await document.hover(4, 10)
    assert said is not None
    assert "(N, 3, 30, 30) -> (N, 8, 28, 28)" in said
    assert "parameters: 608" in said
    assert await document.hover(0, 3) is None
    assert await document.hints() == [(4, 45, "(N, 8, 28, 28)"), (5, 13, "(N, 8, 28, 28)")]
    await document.type(FIXED)
    assert await document.hints() == [(4, 45, "(N, 8, 30, 30)"), (5, 13, "(N, 8, 30, 30)")]


@pytest.mark.asyncio
async def test_unsaved_buffers_are_seen_by_importing_files(client: LanguageClient, folders: list[Path]) -> None:
    (folders[0] / "sizes.py").write_text("padding = 2\n")
    net = Document(client, folders[0] / "net.py")
    text = "from sizes import padding\n" + SAME.replace("padding=1", "padding=padding")
    assert await net.open(text) == []
    sizes = Document(client, folders[0] / "sizes.py")
    await sizes.open("padding = 2\n")
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            types.VersionedTextDocumentIdentifier(1, sizes.uri),
            [types.TextDocumentContentChangeWholeDocument("padding = 1\n")],
        )
    )
    assert [found.code for found in await net.published()] == ["PAD201"]
    assert (folders[0] / "sizes.py").read_text() == "padding = 2\n"


@pytest.mark.asyncio
async def test_every_folder_has_its_configuration(client: LanguageClient, folders: list[Path]) -> None:
    assert len(await Document(client, folders[0] / "net.py").open(SAME)) == 1
    assert await Document(client, folders[1] / "net.py").open(SAME) == []


@pytest.mark.asyncio
async def test_settings_of_the_editor(client: LanguageClient, folders: list[Path]) -> None:
    document = Document(client, folders[0] / "net.py")
    assert len(await document.open(SAME)) == 1

    async def configured(settings: object) -> list[types.Diagnostic]:
        parameters = types.DidChangeConfigurationParams({"padlint": settings})
        client.workspace_did_change_configuration(parameters)
        return await document.published()

    assert await configured({"ignore": ["PAD201"]}) == []
    (found,) = await configured({"severity": {"PAD201": "warning"}})
    assert found.severity == types.DiagnosticSeverity.Warning
    await configured({"selct": ["PAD1"]})
    assert client.messages[-1].message == "padlint: unknown setting 'selct'; did you mean 'select'?"


@pytest.mark.asyncio
async def test_a_closed_file_has_no_diagnostics(client: LanguageClient, folders: list[Path]) -> None:
    document = Document(client, folders[0] / "net.py")
    assert len(await document.open(SAME)) == 1
    client.text_document_did_close(types.DidCloseTextDocumentParams(document.identifier))
    assert await document.published() == []


def test_without_the_extra_it_says_what_to_install() -> None:
    script = "import sys; sys.modules['lsprotocol'] = None; from padlint.cli import entry; entry()"
    done = subprocess.run([sys.executable, "-c", script, "server"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "padlint: the language server needs more: pip install 'padlint[server]'\n"
