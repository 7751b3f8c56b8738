"""`padlint shapes`: the table and the JSON of what was built."""

from __future__ import annotations

import json
from dataclasses import replace

import jsonschema

from padlint.finding import Position, Span
from padlint.report.table import render_json, render_table
from padlint.trace import BuiltLayer, BuiltSequential

HERE = Span("keras_model.py", Position(7, 9), Position(7, 20))


def layer(
    name: str, kind: str, shape: tuple[int | str | None, ...] | None, params: int | None, **more: object
) -> BuiltLayer:
    built = BuiltLayer(name, kind, HERE, {}, None, shape, params, params, True)
    return replace(built, **more)  # type: ignore[arg-type]


KERAS = BuiltSequential(
    at=HERE,
    qualname="model",
    framework="keras",
    binding=None,
    complete=True,
    input_shape=(None, 32, 32, 3),
    output_shape=(None, 30, 30, 64),
    accepts=None,
    layers=(
        layer("conv2d", "keras.layers.Conv2D", (None, 30, 30, 64), 1792),
        layer("batch_normalization", "keras.layers.BatchNormalization", (None, 30, 30, 64), 120, trainable=60),
    ),
)
TORCH = replace(
    KERAS,
    at=replace(HERE, path="net.py"),
    framework="torch",
    qualname="Net.block",
    binding={"k": "3"},
    complete=False,
    input_shape=("N", 3, "H", None),
    accepts="28..31 x 28..31",
    layers=(
        layer(
            "0",
            "torch.nn.Sequential",
            ("N", 8, "H//2", None),
            216,
            layers=(layer("conv", "torch.nn.Conv2d", ("N", 8), 216),),
        ),
        layer("1", "torch.nn.Linear", None, None, reason="the parameter width is not known", resolved=False),
    ),
)


def test_the_table_reads_like_the_summary_of_keras() -> None:
    assert render_table([KERAS], False) == (
        "keras_model.py:7  model (keras)\n"
        "input (None, 32, 32, 3)\n"
        "---------------------------------------------------------------------\n"
        "Layer (type)                              Output Shape        Param #\n"
        "=====================================================================\n"
        "conv2d (Conv2D)                           (None, 30, 30, 64)    1,792\n"
        "batch_normalization (BatchNormalization)  (None, 30, 30, 64)      120\n"
        "---------------------------------------------------------------------\n"
        "Total params: 1,912\n"
        "Trainable params: 1,852\n"
        "Non-trainable params: 60\n"
    )


def test_what_is_not_known_is_a_question_mark_with_its_reason() -> None:
    lines = render_table([TORCH], False).splitlines()
    assert lines[:3] == ["net.py:7  Net.block (torch)  with k=3", "input (N, 3, H, ?)", "accepts 28..31 x 28..31"]
    rows = [" ".join(line.split()) for line in lines[6:-3]]
    assert rows == [
        "0 (Sequential) (N, 8, H//2, ?) 216",
        "conv (Conv2d) (N, 8) 216",
        "1 (Linear) ? ? ? the parameter width is not known",
        "... ? ? ? more layers may follow",
    ]
    assert lines[7].startswith("  conv (Conv2d)")
    assert lines[-2:] == ["Total params: 216 + ?", "Trainable params: 216 + ?"]


def test_nothing_raw_reaches_the_terminal() -> None:
    bad = "\x1b]0;x\x07\n"
    hostile = replace(
        TORCH, at=replace(HERE, path=bad), qualname=bad, binding={bad: bad}, accepts=bad, input_shape=(bad,)
    )
    hostile = replace(hostile, layers=(layer(bad, bad, (bad,), 1, reason=bad),))
    shown = render_table([hostile], False)
    assert "\x1b" not in shown and "\x07" not in shown
    assert len(shown.splitlines()) == 12


SHAPE = {"type": ["array", "null"], "items": {"type": ["integer", "string", "null"]}}
KEYS = "name type path cell line args in_shape out_shape params trainable resolved reason"
SEQUENTIAL_KEYS = (
    "path cell line col end_line qualname framework binding complete input_shape output_shape accepts layers"
)
SCHEMA = {
    "type": "object",
    "properties": {
        "sequentials": {
            "type": "array",
            "items": {
                "type": "object",
                "required": SEQUENTIAL_KEYS.split(),
                "properties": {
                    **dict.fromkeys(SEQUENTIAL_KEYS.split(), True),
                    "input_shape": SHAPE,
                    "output_shape": SHAPE,
                    "layers": {"type": "array", "items": {"$ref": "#/$defs/layer"}},
                },
                "additionalProperties": False,
            },
        }
    },
    "required": ["sequentials"],
    "additionalProperties": False,
    "$defs": {
        "layer": {
            "type": "object",
            "required": KEYS.split(),
            "properties": {
                **dict.fromkeys(KEYS.split(), True),
                "in_shape": SHAPE,
                "out_shape": SHAPE,
                "layers": {"type": "array", "items": {"$ref": "#/$defs/layer"}},
            },
            "additionalProperties": False,
        }
    },
}


def test_json_has_exactly_the_documented_keys() -> None:
    found = json.loads(render_json([KERAS, TORCH]))
    jsonschema.validate(found, SCHEMA)
    keras, torch = found["sequentials"]
    assert keras["output_shape"] == [None, 30, 30, 64]
    assert torch["layers"][0]["layers"][0]["type"] == "torch.nn.Conv2d"
    assert json.loads(render_json([])) == {"sequentials": []}
