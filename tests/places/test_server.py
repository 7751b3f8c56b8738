"""What the language server publishes of projects of several files stands where the project has put it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_lsp import LanguageClient

from tests.editors.test_server import Document, client, folders
from tests.places.judge import CALLED
from tests.places.projects import Project, projects

__all__ = ["client", "folders"]

PROJECTS = [each for each in projects(40, 3) if each.caller.endswith(".py")][:12]


@pytest.mark.asyncio
async def test_diagnostics_stand_where_things_are(client: LanguageClient, folders: list[Path]) -> None:
    published = 0
    for number, project in enumerate(PROJECTS):
        folder = folders[0] / str(number)
        project.write(folder)
        opened = {
            path: Document(client, folder / path)
            for path, text in project.texts.items()
            if path.endswith(".py") and text
        }
        for path, document in opened.items():
            await document.open(project.texts[path])
        for path, document in opened.items():
            for found in client.diagnostics.get(document.uri, ()):
                published += 1
                assert project.at(path, None, found.range.start.line + 1), (project.title, found)
                assert "called at" not in found.message or _is_called(project, path, found.message), (
                    project.title,
                    found,
                )
    assert published > len(PROJECTS) // 2


def _is_called(project: Project, path: str, message: str) -> bool:
    """Does the place that a message names hold the call of a helper?"""
    match = CALLED.search(message)
    if match is None:
        return False
    line = int(match["line"] or match["at"])
    where = [path] if match["line"] else [each for each in project.texts if match["path"].endswith(each)]
    return any(mark.what.startswith("call:") for each in where for mark in project.at(each, None, line))
