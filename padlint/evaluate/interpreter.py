"""The assembled evaluator: what nodes mean, put together once."""

from __future__ import annotations

from padlint.evaluate.attributes import attribute
from padlint.evaluate.calls import invoke
from padlint.evaluate.expressions import EXPRESSIONS
from padlint.evaluate.machine import Decisions, Machine, Semantics
from padlint.evaluate.statements import STATEMENTS
from padlint.evaluate.world import World

SEMANTICS = Semantics(EXPRESSIONS, STATEMENTS, invoke, attribute)


def machine(world: World, decisions: Decisions | None = None) -> Machine:
    """A machine that is ready to run."""
    made = Machine(world, SEMANTICS)
    if decisions is not None:
        made.decisions = decisions
    return made
