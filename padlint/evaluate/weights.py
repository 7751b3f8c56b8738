"""Statements that only fill weights: nothing that a shape depends on changes by them, so they are not run.

Models end with a loop over all their modules that fills each weight with random numbers, or with a call that does so. They
take more steps than all that builds, and ask more questions.
"""

from __future__ import annotations

from padlint.arithmetic.dims import Unknown
from padlint.evaluate.effects import bound_in, effect_of
from padlint.evaluate.machine import Machine
from padlint.evaluate.scopes import bind
from padlint.evaluate.values import Scope
from padlint.syntax import ir


def passed_over(machine: Machine, node: ir.Evaluate | ir.Assign | ir.For, scope: Scope) -> bool:
    """Pass over a statement if it only fills weights: the names that it would bind are not known then."""
    if machine.record.guarded or scope.parent is None:
        return False
    effect = effect_of(machine, node, scope)
    if effect.acts or not effect.fills:
        return False
    for name in bound_in((node,)):
        bind(machine, scope, name, Unknown("bound where weights are filled", scope.place(node)))
    return True


def assigns_weight(node: ir.Assign) -> bool:
    """`conv.weight = nn.init.zeros_(conv.weight)`, perhaps: seldom is anything else called for a weight."""
    weights = (isinstance(target, ir.Attribute) and target.attr in ("weight", "bias") for target in node.targets)
    return isinstance(node.value, ir.Call) and all(weights)
