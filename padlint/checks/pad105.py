"""PAD105 indivisible-groups: channels that groups do not divide, which torch refuses to build."""

from __future__ import annotations

import math
from collections.abc import Iterator

from padlint.checks.base import Change, Problem, Repair, Rule, Trace
from padlint.checks.refusals import built_refusals, call_refusals
from padlint.evaluate.record import Op
from padlint.evaluate.values import Instance
from padlint.layers.base import Refusal


def find(trace: Trace) -> Iterator[Problem]:
    """The fix is the number nearest to the one written that divides all the channels."""
    yield from built_refusals(trace, "PAD105", _mend)
    yield from call_refusals(trace, "PAD105")


def _mend(module: Instance, refusal: Refusal, op: Op | None) -> tuple[Repair, ...]:
    args = module.args or {}
    argument = "num_groups" if "num_groups" in args else "groups"
    groups = args.get(argument)
    channels = [args[name] for name in ("in_channels", "out_channels", "num_channels") if name in args]
    known = [size for size in channels if isinstance(size, int)]
    if not isinstance(groups, int) or groups < 1 or len(known) != len(channels) or not all(size > 0 for size in known):
        return ()
    common = math.gcd(*known)
    divisors = [d for d in range(1, min(common, 4096) + 1) if common % d == 0]
    nearest = min(divisors, key=lambda d: (abs(d - groups), -d))
    return (Repair((Change(module.place, argument, nearest),), keeps_state=False),)


RULE = Rule("PAD105", "indivisible-groups", "error", "channels that groups do not divide", find)
