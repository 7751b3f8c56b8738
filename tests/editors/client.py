"""An independent client of the language server, and what the command line says of the same texts."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from tests.speed.sessions import run

DEADLINE = 600
REFUSED, FAILED = 2, 3
SERVER = (sys.executable, "-c", "from padlint.cli import entry; entry()", "server")
START = types.Position(0, 0)

Told = tuple[str, str, int, int, int, int]
"""A finding: code and message, the first and the last position in lines and columns from 0."""


@asynccontextmanager
async def serving(*folders: Path, before: str = "", options: object = None) -> AsyncIterator[LanguageClient]:
    """A client that has these folders open. `before`: what the server's process runs first."""
    command = [each.replace("from padlint", f"{before}\nfrom padlint", 1) for each in SERVER]
    client = await ClientServerConfig(command).start()
    assert isinstance(client, LanguageClient)
    workspace = [types.WorkspaceFolder(folder.as_uri(), folder.name) for folder in folders]
    known = client_capabilities("visual-studio-code")
    parameters = types.InitializeParams(known, workspace_folders=workspace, initialization_options=options)
    await client.initialize_session(parameters)
    yield client
    await client.shutdown_session()
    await client.stop()


class Document:
    """One open file of the client."""

    def __init__(self, client: LanguageClient, path: Path) -> None:
        self.client, self.uri, self.version = client, path.as_uri(), 0
        self.identifier = types.TextDocumentIdentifier(self.uri)

    async def open(self, text: str) -> list[types.Diagnostic]:
        item = types.TextDocumentItem(self.uri, "python", self.version, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return await self.published()

    async def type(self, text: str) -> list[types.Diagnostic]:
        self.version += 1
        change = types.TextDocumentContentChangeWholeDocument(text)
        identifier = types.VersionedTextDocumentIdentifier(self.version, self.uri)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, [change]))
        return await self.published()

    async def published(self) -> list[types.Diagnostic]:
        """What is published after what was sent last."""
        known = self.client.diagnostics
        known.pop(self.uri, None)
        end = time.monotonic() + DEADLINE
        while self.uri not in known and time.monotonic() < end:
            await asyncio.sleep(0.02)
        return list(known[self.uri])

    async def actions(self, line: int, *only: str) -> list[types.CodeAction]:
        wanted = types.Range(types.Position(line, 20), types.Position(line, 20))
        context = types.CodeActionContext([], list(only) or None)
        asked = types.CodeActionParams(self.identifier, wanted, context)
        found = await self.client.text_document_code_action_async(asked) or []
        return [each for each in found if isinstance(each, types.CodeAction)]

    async def hover(self, line: int, character: int) -> str | None:
        asked = types.HoverParams(self.identifier, types.Position(line, character))
        found = await self.client.text_document_hover_async(asked)
        assert found is None or isinstance(found.contents, types.MarkupContent)
        return found.contents.value if found else None

    async def hints(self) -> list[tuple[int, int, str]]:
        whole = types.Range(types.Position(0, 0), types.Position(1000, 0))
        found = await self.client.text_document_inlay_hint_async(types.InlayHintParams(self.identifier, whole))
        return [(each.position.line, each.position.character, str(each.label)) for each in found or []]


class Editor:
    """A client with open files, by their names below a folder; nothing is waited for before it is asked what is told."""

    def __init__(self, client: LanguageClient, root: Path) -> None:
        self.client, self.root = client, root
        self.texts: dict[str, str] = {}
        self._versions: dict[str, int] = {}

    def uri(self, name: str) -> str:
        return (self.root / name).as_uri()

    def type(self, name: str, text: str) -> None:
        """Open a file, or change it."""
        version = self._versions[name] = self._versions.get(name, 0) + 1
        if name in self.texts:
            identifier = types.VersionedTextDocumentIdentifier(version, self.uri(name))
            change = types.TextDocumentContentChangeWholeDocument(text)
            self.client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, [change]))
        else:
            item = types.TextDocumentItem(self.uri(name), "python", version, text)
            self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        self.texts[name] = text

    def close(self, name: str) -> None:
        del self.texts[name]
        identifier = types.TextDocumentIdentifier(self.uri(name))
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(identifier))

    def changed(self, name: str) -> None:
        """Say that a file on disk is another one, a new one or gone."""
        event = types.FileEvent(self.uri(name), types.FileChangeType.Changed)
        self.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))

    async def settled(self) -> None:
        """Wait for what the server says of all that was sent: it answers a question only after that."""
        nowhere = types.TextDocumentIdentifier("file:///nowhere.py")
        await self.client.text_document_hover_async(types.HoverParams(nowhere, START))

    async def told(self) -> dict[str, set[Told]]:
        """What is published of the open files; of those with nothing, nothing."""
        await self.settled()
        found = {name: {_told(each) for each in self.client.diagnostics.get(self.uri(name), ())} for name in self.texts}
        return {name: each for name, each in found.items() if each}

    async def comes_to(self, name: str, codes: Sequence[str]) -> bool:
        """Are these codes published of a file in the end, though nothing is sent?"""
        end = time.monotonic() + DEADLINE
        while [str(each.code) for each in self.client.diagnostics[self.uri(name)]] != codes:
            if time.monotonic() > end:
                return False
            await asyncio.sleep(0.02)
        return True

    def messages(self) -> list[str]:
        """What is said since this was asked last."""
        said = [each.message for each in self.client.messages]
        self.client.messages.clear()
        return said


def _told(diagnostic: types.Diagnostic) -> Told:
    start, end = diagnostic.range.start, diagnostic.range.end
    return str(diagnostic.code), diagnostic.message, start.line, start.character, end.line, end.character


def commanded(root: Path, texts: Mapping[str, str]) -> dict[str, set[Told]]:
    """What the command line says of these texts once they are saved, in a copy of the folder; nothing where it fails. It
    refuses to say anything where one of them has a wrong configuration; of the others it says what it says without that."""
    with TemporaryDirectory() as room:
        copy = Path(room).resolve() / root.name
        shutil.copytree(root, copy, symlinks=True)
        for name, text in texts.items():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_text(text)
        names = sorted(texts)
        code, findings = _checked(copy, names)
        if code == REFUSED:
            right = [name for name in names if _checked(copy, [name])[0] != REFUSED]
            findings = _checked(copy, right)[1] if right else []
    found: dict[str, set[Told]] = {}
    for each in findings:
        place = each["highlight"] or each
        ends = [place[end][what] - 1 for end in ("start", "end") for what in ("line", "column")]
        found.setdefault(each["path"], set()).add((each["code"], each["message"], *ends))
    return {name: each for name, each in found.items() if name in texts}


def _checked(folder: Path, names: Sequence[str]) -> tuple[int, list[Any]]:
    words = ["check", "--no-cache", "--force-exclude", "--output-format", "json", "--jobs", "1"]
    try:
        said = run(folder, ".", [*words, *names])
    except Exception:
        return FAILED, []
    return said.code, json.loads(said.out.replace("ROOT", str(folder)) or "[]")
