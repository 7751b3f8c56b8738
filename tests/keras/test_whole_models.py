"""`padlint shapes` says of whole models what Keras's own summary says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from padlint.config import Settings
from padlint.report.table import render_json
from padlint.run import shapes
from padlint.session import Session

from . import real


def told(path: Path) -> dict[str, object]:
    """The one entry of `padlint shapes --output-format json`."""
    (entry,) = json.loads(render_json(shapes(Session([str(path)], Settings(str(path.parent)))).built))["sequentials"]
    assert isinstance(entry, dict)
    return entry


def rows(entry: dict[str, object]) -> list[real.Row]:
    found = entry["layers"]
    assert isinstance(found, list)
    return [
        (row["name"], row["type"].rpartition(".")[2], tuple(row["out_shape"]), row["params"], row["trainable"])
        for row in found
    ]


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in sorted(real.MODELS.glob("*.py"))])
def test_the_summary_is_that_of_keras(path: Path) -> None:
    model, entry = real.run(path.read_text(encoding="utf-8")), told(path)
    assert entry["framework"] == "keras"
    assert entry["complete"] is True
    assert entry["input_shape"] == list(model.input_shape)
    assert entry["output_shape"] == list(model.output_shape)
    assert rows(entry) == real.rows(model)
