"""The published answer of the story, laid beside the Keras model that it is meant to be a port of."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from padlint.cli import main

STORY = Path(__file__).parents[1] / "story"


@pytest.mark.parametrize("how", ("directive", "option", "configuration"))
def test_three_differences_and_nothing_else(how: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("keras_model.py", "last_answer.py"):
        shutil.copy(STORY / name, tmp_path / name)
    file = tmp_path / "last_answer.py"
    options = ["--no-cache", "--output-format=json"]
    if how == "directive":
        text = file.read_text(encoding="utf-8")
        file.write_text(
            text.replace("model = nn", "# padlint: keras=keras_model.py:model\nmodel = nn", 1), encoding="utf-8"
        )
    elif how == "option":
        options += ["--isolated", f"--keras={tmp_path / 'keras_model.py'}:model"]
    else:
        (tmp_path / "padlint.toml").write_text('keras = "keras_model.py:model"\n', encoding="utf-8")
    assert main(["check", *options, str(file)]) == 1
    found = json.loads(capsys.readouterr().out)
    first = file.read_text(encoding="utf-8").split("\n").index("model = nn.Sequential(") + 2
    assert [(each["code"], each["start"]["line"]) for each in found] == [
        ("PAD401", first),
        ("PAD403", first),
        ("PAD404", first + 1),
    ]
