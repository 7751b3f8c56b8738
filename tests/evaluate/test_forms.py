"""What Python would build, form by form: torch's own module tree is the judge."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evaluate.forms import FORMS
from tests.evaluate.forms.packages import PACKAGES
from tests.evaluate.judge import HEADER, claimed, differences, executed


@pytest.mark.parametrize("memo", [True, False], ids=["memo", "plain"])
@pytest.mark.parametrize("name", FORMS)
def test_builds_what_python_builds(name: str, memo: bool, tmp_path: Path) -> None:
    said = claimed(tmp_path, {"main.py": HEADER + FORMS[name]}, "build", memo)
    assert len(said) == 1
    assert list(differences(said[0], executed(tmp_path, "build"))) == []


@pytest.mark.parametrize("name", PACKAGES)
def test_finds_what_other_files_define(name: str, tmp_path: Path) -> None:
    said = claimed(tmp_path, PACKAGES[name], "build")
    assert len(said) == 1
    assert list(differences(said[0], executed(tmp_path, "build"))) == []
