"""Generated models: padlint's summary is Keras's, the port computes what Keras computes, and is no finding against it."""

from __future__ import annotations

import contextlib
import io
import json
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from hypothesis import assume, given, note
from hypothesis import strategies as st

from padlint.cli import main
from tests.profiles import examples

from . import real
from .chains import Chain, chain
from .test_whole_models import rows, told


def run(*arguments: str) -> tuple[int, str, str]:
    """A command of padlint's: exit code, standard output, standard error."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(list(arguments))
    return code, out.getvalue(), err.getvalue()


def same_summary(model: real.keras.Model, path: Path) -> None:
    entry = told(path)
    assert entry["complete"] is True
    assert entry["input_shape"] == list(model.input_shape)
    assert entry["output_shape"] == list(model.output_shape)
    assert rows(entry) == real.rows(model)


def same_values(model: real.keras.Model, one: Chain, source: str) -> None:
    names: dict[str, object] = {}
    exec(compile(source, "port", "exec"), names)
    port = names["model"]
    assert isinstance(port, torch.nn.Module)
    real.randomised(model)
    names["copy_weights"](model, port)  # type: ignore[operator]
    port.eval()
    numbers = np.random.default_rng(1)
    shape = (2, *one.shape)
    values = numbers.integers(0, one.tokens, shape) if one.tokens else numbers.standard_normal(shape).astype("float32")
    expected = channels_first(real.predicted(model, values), one)
    with torch.no_grad():
        found = port(torch.from_numpy(channels_first(values, one))).numpy()
    assert found.shape == expected.shape
    scale = max(1.0, float(np.abs(expected).max()))
    assert np.allclose(found, expected, rtol=1e-4, atol=1e-4 * scale), np.abs(found - expected).max()


def channels_first(values: real.Array, one: Chain) -> real.Array:
    return np.ascontiguousarray(
        values if values.ndim < 3 or "channels_first" in one.text else np.moveaxis(values, -1, 1)
    )


REFUSED = (
    "a threshold, and with",
    "tanh and sigmoid only",
    "no activation of torch",
    "merge_mode",
    "reset_after",
    "must be smaller than stride",
)


def test_generated_chains(tmp_path: Path) -> None:
    path, port = tmp_path / "chain.py", tmp_path / "port.py"
    counted: Counter[str] = Counter()

    @examples(350)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        one = chain(data.draw)
        assume(one.layers)
        note(one.text)
        path.write_text(one.text, encoding="utf-8")
        model = real.run(one.text)
        same_summary(model, path)
        code, source, said = run("port", "--weights", f"{path}:model")
        note(source + said)
        if code == 2 and any(each in said for each in REFUSED):
            counted["refused"] += 1
            return
        assert code == 0
        counted["ported"] += 1
        same_values(model, one, source)
        port.write_text(source, encoding="utf-8")
        code, findings, said = run(
            "check", "--isolated", "--no-cache", "--output-format=json", f"--keras={path}", str(port)
        )
        assert (code, json.loads(findings)) == (0, []), said

    check()
    assert counted["ported"] >= 300
