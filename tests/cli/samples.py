"""Findings as the checks make them, for tests of what is done with them."""

from __future__ import annotations

from dataclasses import replace

from padlint.finding import Edit, Finding, Fix, Position, Span
from padlint.report.context import Context
from padlint.syntax.source import Source

MODEL = """\
from torch import nn

net = nn.Sequential(
    nn.Conv2d(
        3,
        8,
        kernel_size=5,
        padding=1,
    ),
    nn.Conv2d(8, 8, 3, padding=0),  # padlint: same
)
"""


def span(path: str, line: int, first: int, last: int, last_line: int | None = None, cell: int | None = None) -> Span:
    """From a column up to, not including, another, of one line or of two."""
    return Span(path, Position(line, first), Position(last_line or line, last), cell)


def finding(path: str = "models.py", **changes: object) -> Finding:
    """The finding of MODEL's second layer, with a safe fix."""
    fix = Fix("set padding=1", (Edit(span(path, 10, 32, 33), "1"),), "safe")
    found = Finding(
        code="PAD201",
        name="shape-not-same",
        message="Conv2d(kernel_size=3, padding=0) gives 28x28 from 30x30; same needs padding=1",
        severity="error",
        span=span(path, 10, 5, 34),
        highlight=span(path, 10, 24, 33),
        model="net",
        layer="1",
        layer_type="torch.nn.Conv2d",
        input_shape=("N", 8, 30, 30),
        output_shape=("N", 8, 28, 28),
        expected_shape=("N", 8, 30, 30),
        evidence=("'# padlint: same' on line 10",),
        fix=fix,
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def multi_line(path: str = "models.py") -> Finding:
    """The finding of MODEL's first layer, whose call stands on several lines; an unsafe fix and another one."""
    unsafe = Fix("set padding=2", (Edit(span(path, 8, 17, 18), "2"),), "unsafe")
    other = Fix("set kernel_size=3", (Edit(span(path, 7, 21, 22), "3"),), "unsafe")
    return finding(
        path,
        code="PAD203",
        name="unexpected-output-shape",
        message="gives 30x30 from 32x32; 32x32 is stated",
        severity="warning",
        span=span(path, 4, 5, 6, last_line=9),
        highlight=span(path, 8, 9, 18),
        layer="0",
        fix=unsafe,
        alternatives=(other,),
        binding=(("k", "5"),),
        evidence=(),
    )


def context(root: str, text: str = MODEL, color: bool = False) -> Context:
    """Every path has the same text."""
    return Context(lambda path: Source.from_bytes(text.encode(), path), root, color)
