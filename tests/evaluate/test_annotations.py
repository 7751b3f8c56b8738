"""What is said of a definition whose parameters are annotated as sequences is what torch builds from sequences."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from torch import nn

from tests.evaluate.judge import HEADER
from tests.evaluate.test_unknown import admits, paths

HELPERS = """
from typing import Iterable, List, Sequence, Tuple
import collections.abc as abc
def by_abstract(x):
    if isinstance(x, Iterable) and not isinstance(x, (str, bytes)):
        return tuple(x)
    return (x,)
def by_rank(x):
    try:
        if hasattr(x, "ndim") and x.ndim == 0:
            return (x,)
    except Exception:
        return (x,)
    return tuple(x) if isinstance(x, abc.Iterable) and not isinstance(x, (str, bytes)) else (x,)
def by_kind(x): return x if isinstance(x, (list, tuple)) else [x]
def by_length(x): return tuple(x) if hasattr(x, "__len__") else (x,)
def net(width):
    m = nn.Sequential()
    for i, c in enumerate(width):
        m.add_module(f"layer{i}", nn.Conv2d(3, c, 1))
    return m
"""
BODIES = ["by_abstract", "by_rank", "by_kind", "by_length"]
ANNOTATIONS = ["Sequence[int]", "abc.Sequence[int]", "List[int]", "list[int]", "Tuple[int, ...]", "tuple", "list"]
GIVEN: list[list[int] | tuple[int, ...]] = [[], [4], (4, 5), [4, 5, 6]]


def built(text: str, *given: object) -> nn.Module:
    scope: dict[str, Callable[..., nn.Module]] = {}
    exec(HEADER + HELPERS + text, scope)
    return scope["f"](*given)


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("annotation", ANNOTATIONS)
def test_every_path_holds_whatever_its_length(body: str, annotation: str, tmp_path: Path) -> None:
    text = f"def f(c: {annotation}): return net({body}(c))"
    for said, given in product(paths(tmp_path, HELPERS + text), GIVEN):
        assert admits(said, built(text, given), {}), given


def test_several_parameters(tmp_path: Path) -> None:
    """More questions than paths are followed, were each of them open."""
    names = ["a", "b", "c", "d", "e"]
    text = f"def f({', '.join(f'{n}: Sequence[int]' for n in names)}):\n" + "".join(
        f"    {n} = by_rank({n})\n" for n in names
    )
    text += "    return net(e)"
    for said, given in product(paths(tmp_path, HELPERS + text), GIVEN):
        assert admits(said, built(text, (), (), (), (), given), {}), given


@pytest.mark.parametrize("annotation", ["int | Sequence[int]", "Sequence[int] | int", "Iterable", "'Sequence[int]'"])
def test_a_number_where_it_may_be_one(annotation: str, tmp_path: Path) -> None:
    text = f"def f(c: {annotation}): return net(by_abstract(c))"
    for given in (7, [4, 5]):
        assert any(admits(said, built(text, given), {}) for said in paths(tmp_path, HELPERS + text)), given


def test_a_number_where_the_code_asks_for_one(tmp_path: Path) -> None:
    """Annotations are not enforced: what asks for a number by itself is given one."""
    text = "def f(c: Tuple[int, int]): return net((c, c) if isinstance(c, int) else c)"
    for given in (7, (4, 5)):
        assert any(admits(said, built(text, given), {}) for said in paths(tmp_path, HELPERS + text)), given


def test_a_text_is_a_sequence_of_texts(tmp_path: Path) -> None:
    text = "def f(c: Sequence[str]): return nn.Sequential(*[nn.ReLU() for _ in ([c] if isinstance(c, str) else c)])"
    for given in ("ab", ["ab", "cd"]):
        assert any(admits(said, built(text, given), {}) for said in paths(tmp_path, HELPERS + text)), given
