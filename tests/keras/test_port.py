"""What `padlint port` writes computes what the Keras model computes, and is no finding against it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from padlint.cli import main

from . import real


def whole_models() -> list[object]:
    return [pytest.param(p, id=p.stem) for p in sorted(real.MODELS.glob("*.py"))]


def ported(path: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert main(["port", f"{path}:model", *options]) == 0
    return capsys.readouterr().out


def channels_first_of(values: np.ndarray, path: Path) -> np.ndarray:
    return values if values.ndim < 3 or path.stem == "channels_first" else np.moveaxis(values, -1, 1)


def given(model: real.keras.Model, path: Path) -> np.ndarray:
    shape = [2, *(20 if size is None else size for size in model.input_shape[1:])]
    numbers = np.random.default_rng(1)
    if path.stem == "text_cnn":
        return numbers.integers(0, 500, shape)
    return numbers.standard_normal(shape).astype("float32")


@pytest.mark.parametrize("path", whole_models())
def test_the_port_computes_what_keras_computes(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = real.run(path.read_text(encoding="utf-8"))
    real.randomised(model)
    names: dict[str, object] = {}
    exec(compile(ported(path, capsys, "--weights"), "port", "exec"), names)
    port = names["model"]
    assert isinstance(port, nn.Module)
    names["copy_weights"](model, port)  # type: ignore[operator]
    port.eval()
    values = given(model, path)
    expected = channels_first_of(real.predicted(model, values), path)
    with torch.no_grad():
        found = port(torch.from_numpy(np.ascontiguousarray(channels_first_of(values, path)))).numpy()
    assert found.shape == expected.shape
    assert np.allclose(found, expected, rtol=1e-4, atol=1e-4 * max(1.0, float(np.abs(expected).max())))


@pytest.mark.parametrize("path", whole_models())
def test_checking_the_port_is_silent(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "ported.py"
    file.write_text(ported(path, capsys), encoding="utf-8")
    options = ["--isolated", "--no-cache", "--output-format=json", f"--keras={path}:model"]
    code = main(["check", *options, str(file)])
    output = capsys.readouterr()
    assert json.loads(output.out) == []
    assert code == 0, output.err
