"""The language server: the protocol's words for what `padlint.editor` says. It needs the extra `padlint[server]`."""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote, urlsplit

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument

from padlint import __version__, fixes
from padlint.editor import Look, Note, View, failed, innermost, look, notes, overlay_of, source_at
from padlint.finding import Edit, Finding, Fix, Position, Severity, Span
from padlint.ignores import with_ignores
from padlint.pages import url
from padlint.paths import path_of, uri_of
from padlint.syntax.source import Source
from padlint.watching import pause

DELAY = 0.2
"""Seconds without typing before anything is checked."""

FIX_ALL = "source.fixAll.padlint"
_SEVERITIES: Mapping[Severity, types.DiagnosticSeverity] = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "information": types.DiagnosticSeverity.Information,
}
_CHANGES = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_SAVE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS,
)
_MOST_SHAPES = 3
_POSITION = re.compile(r"(:cell \d+)?(:\d+)+:")


class Server(LanguageServer):
    """The open files, and what was last said of them."""

    def __init__(self) -> None:
        # the editor sends whole texts: pygls would cut a text into lines where Python does not
        super().__init__("padlint", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.options: object = None
        self._seen = Look({})
        self._notes: dict[str, tuple[Note, ...]] = {}
        self._published: set[str] = set()
        self._told: set[str] = set()
        self._pending: asyncio.TimerHandle | None = None
        self._next_look: asyncio.TimerHandle | None = None

    def later(self) -> None:
        """Check when nothing has changed for a moment."""
        if self._pending is not None:
            self._pending.cancel()
        self._pending = asyncio.get_running_loop().call_later(DELAY, self.check)

    def view(self, uri: str) -> View | None:
        """An open file, checked as it is now."""
        if self._pending is not None:
            self.check()
        return self._seen.views.get(self._path(uri) or "")

    def notes(self, view: View) -> tuple[Note, ...]:
        if view.path not in self._notes:
            self._notes[view.path] = notes(view, overlay_of(self._buffers()))
        return self._notes[view.path]

    def check(self) -> None:
        """Check all open files, and publish what is found in place of all that was published before."""
        if self._pending is not None:
            self._pending.cancel()
            self._pending = None
        self._notes = {}
        try:
            seen = look(self._buffers(), self.options, self._folders())
            shown = {path: self._diagnostics(view) for path, view in seen.views.items()}
        except Exception as error:  # whatever happens, nothing that is out of date stays
            seen, shown = Look({}, (failed(error),)), {}
        self._seen = seen
        self._tell(seen)
        self._publish(shown)
        self._watch(0)

    def _watch(self, looked: float) -> None:
        """Look at the disk again after a while: not every editor says what happens there."""
        if self._next_look is not None:
            self._next_look.cancel()
        self._next_look = asyncio.get_running_loop().call_later(pause(looked), self._look_again)

    def _look_again(self) -> None:
        began = time.monotonic()
        if self._pending is None and not self._seen.holds():
            self.check()
        else:
            self._watch(time.monotonic() - began)

    def _tell(self, seen: Look) -> None:
        """What was not told after the check before. Where in a file something stands changes while one types above it."""
        kinds = {types.MessageType.Error: seen.problems, types.MessageType.Warning: seen.notes}
        said = {(kind, text): _POSITION.sub(":", text) for kind, texts in kinds.items() for text in texts}
        for (kind, text), known_as in said.items():
            if known_as not in self._told:
                self.window_show_message(types.ShowMessageParams(kind, f"padlint: {text}"))
        self._told = set(said.values())

    def _publish(self, shown: Mapping[str, list[types.Diagnostic]]) -> None:
        documents = {document.uri: document.version for path, document in self._documents() if path in shown}
        for uri in self._published - set(documents):
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))
        for uri, version in documents.items():
            diagnostics = shown[self._path(uri) or ""]
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics, version))
        self._published = set(documents)

    # ------------------------------------------------------------ files

    def _buffers(self) -> dict[str, str]:
        return {path: document.source for path, document in self._documents()}

    def _documents(self) -> Iterator[tuple[str, TextDocument]]:
        """The open Python files with their paths. The workspace's own keys are no addresses that a client would know."""
        for document in self.workspace.text_documents.values():
            path = self._path(document.uri)
            if path is not None and (document.language_id == "python" or path.endswith(".py")):
                yield path, document

    def _folders(self) -> list[str]:
        """Those of the workspace."""
        found = [path_of(folder.uri) for folder in self.workspace.folders.values()]
        return [os.path.abspath(each) for each in found or [self.workspace.root_path] if each]

    def _path(self, uri: str) -> str | None:
        """The absolute path of a file; what was never saved lies in the workspace. Notebooks are left alone."""
        path = path_of(uri)
        if uri.startswith("untitled:"):
            path = os.path.join(next(iter(self._folders()), ""), unquote(urlsplit(uri).path))
        return os.path.abspath(path) if path and not path.endswith(".ipynb") else None

    # ------------------------------------------------------------ to the protocol

    def range(self, source: Source, span: Span) -> types.Range:
        return types.Range(self.position(source, span.start), self.position(source, span.end))

    def position(self, source: Source, position: Position) -> types.Position:
        before = source.text[source.offset(Position(position.line, 1)) : source.offset(position)]
        return types.Position(position.line - 1, self.workspace.position_codec.client_num_units(before))

    def from_client(self, source: Source, position: types.Position) -> Position:
        units, column = 0, 1
        line = min(position.line + 1, len(source.lines.starts))
        for character in source.lines.slice(line, line):
            if units >= position.character:
                break
            units += self.workspace.position_codec.client_num_units(character)
            column += 1
        return Position(line, column)

    def diagnostic(self, view: View, finding: Finding) -> types.Diagnostic:
        page = url(finding.code)
        return types.Diagnostic(
            self.range(view.source, finding.highlight or finding.span),
            finding.message,
            _SEVERITIES[finding.severity],
            finding.code,
            types.CodeDescription(page) if page else None,
            "padlint",
            tags=[types.DiagnosticTag.Unnecessary] if finding.code == "PAD003" else None,
        )

    def _diagnostics(self, view: View) -> list[types.Diagnostic]:
        return [self.diagnostic(view, finding) for finding in view.findings]

    def edit(self, chosen: Sequence[Fix]) -> types.WorkspaceEdit | None:
        """None where a file that is changed cannot be read any more."""
        overlay = overlay_of(self._buffers())
        changes: dict[str, list[types.TextEdit]] = {}
        for edit in (edit for fix in chosen for edit in fix.edits):
            source = source_at(edit.span.path, overlay)
            if source is None:
                return None
            changes.setdefault(self._uri(source.path), []).append(self._text_edit(source, edit))
        return types.WorkspaceEdit(changes)

    def _text_edit(self, source: Source, edit: Edit) -> types.TextEdit:
        return types.TextEdit(self.range(source, edit.span), edit.content)

    def _uri(self, path: str) -> str:
        opened = (document.uri for each, document in self._documents() if each == path)
        return next(opened, None) or uri_of(path)


# ---------------------------------------------------------------- answers


def _code_actions(server: Server, view: View, parameters: types.CodeActionParams) -> Iterator[types.CodeAction]:
    first, last = (server.from_client(view.source, each) for each in (parameters.range.start, parameters.range.end))
    here = [each for each in view.findings if each.span.start <= last and first <= each.span.end]
    for finding in here:
        offered = [fix for fix in (finding.fix, *finding.alternatives) if fix is not None]
        for fix in offered:
            yield from _quick_fix(server, view, finding, fix, fix == finding.fix)
    for finding in with_ignores(here, lambda path: view.source):
        if finding.fix is not None:
            yield from _quick_fix(server, view, finding, finding.fix, False)
    safe = [each.fix for each in view.findings if each.fix is not None and each.fix.applicability == "safe"]
    if safe and (edit := server.edit(fixes.compatible(safe))) is not None:
        yield types.CodeAction("padlint: fix all that is safe to fix", FIX_ALL, edit=edit)


def _quick_fix(server: Server, view: View, finding: Finding, fix: Fix, preferred: bool) -> Iterator[types.CodeAction]:
    edit = server.edit([fix])
    if edit is not None:
        caution = "" if fix.applicability == "safe" else " (unsafe)"
        title = f"{finding.code}: {fix.message}{caution}"
        about = [server.diagnostic(view, finding)]
        yield types.CodeAction(title, types.CodeActionKind.QuickFix, about, preferred and not caution, edit=edit)


def _asked_for(kind: str, only: Sequence[str] | None) -> bool:
    """A client that asks for `source` wants `source.fixAll.padlint`, too."""
    return not only or any(kind == each or kind.startswith(f"{each}.") for each in only)


def _hover(server: Server, view: View, position: types.Position) -> types.Hover | None:
    note = innermost(server.notes(view), server.from_client(view.source, position))
    if note is None:
        return None
    counts = " or ".join(f"{count:,}" for count in note.parameters) or "not known"
    lines = [f"**{note.title}**", "", *(f"- `{call}`" for call in note.calls), f"- parameters: {counts}"]
    content = types.MarkupContent(types.MarkupKind.Markdown, "\n".join(lines))
    return types.Hover(content, server.range(view.source, note.span))


def _hints(server: Server, view: View, wanted: types.Range) -> Iterator[types.InlayHint]:
    for note in server.notes(view):
        position = server.position(view.source, note.span.end)
        if note.outputs and wanted.start <= position <= wanted.end:
            shown = " | ".join(note.outputs[:_MOST_SHAPES]) + (" | ..." if len(note.outputs) > _MOST_SHAPES else "")
            yield types.InlayHint(position, shown, types.InlayHintKind.Type, padding_left=True)


def create() -> Server:
    """A server with everything that it answers."""
    server = Server()
    answer = server.feature

    @answer(types.INITIALIZED)
    def _initialized(parameters: types.InitializedParams) -> None:
        server.later()

    @answer(types.INITIALIZE)
    def _initialize(parameters: types.InitializeParams) -> None:
        server.options = parameters.initialization_options

    @answer(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def _configuration(parameters: types.DidChangeConfigurationParams) -> None:
        settings = parameters.settings
        if settings is not None:  # else it only says that something has changed
            server.options = settings.get("padlint", settings) if isinstance(settings, dict) else settings
        server.later()

    for method in _CHANGES:
        answer(method)(lambda parameters: server.later())

    kinds = types.CodeActionOptions([types.CodeActionKind.QuickFix, FIX_ALL])

    @answer(types.TEXT_DOCUMENT_CODE_ACTION, kinds)
    def _actions(parameters: types.CodeActionParams) -> list[types.CodeAction]:
        view = server.view(parameters.text_document.uri)
        found = _code_actions(server, view, parameters) if view is not None else ()
        return [
            each
            for each in found
            if _asked_for(str(each.kind and getattr(each.kind, "value", each.kind)), parameters.context.only)
        ]

    @answer(types.TEXT_DOCUMENT_HOVER)
    def _hovered(parameters: types.HoverParams) -> types.Hover | None:
        view = server.view(parameters.text_document.uri)
        return _hover(server, view, parameters.position) if view is not None else None

    @answer(types.TEXT_DOCUMENT_INLAY_HINT)
    def _inlaid(parameters: types.InlayHintParams) -> list[types.InlayHint]:
        view = server.view(parameters.text_document.uri)
        return list(_hints(server, view, parameters.range)) if view is not None else []

    return server
