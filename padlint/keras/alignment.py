"""Which step of a port stands for which step of the model it is a port of."""

from __future__ import annotations

from collections.abc import Sequence

from padlint.keras.steps import Step

Pair = tuple["Step | None", "Step | None"]
UNCOMPARED = frozenset({"other", "own", "permutation", "flatten", "pad"})
_ALIKE = frozenset({"max_pool", "avg_pool", "global_max", "global_avg"})


def aligned(keras: Sequence[Step], torch: Sequence[Step]) -> list[Pair]:
    """The pairing with the fewest differences, in the order of both; None where one side lacks the step."""
    rows, columns = len(keras) + 1, len(torch) + 1
    cost = [[0.0] * columns for _ in range(rows)]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            choices = _choices(keras, torch, cost, i, j)
            cost[i][j] = min(choice for choice, _, _ in choices) if choices else 0.0
    pairs: list[Pair] = []
    i = j = 0
    while i < len(keras) or j < len(torch):
        _, right, down = min(_choices(keras, torch, cost, i, j))
        pairs.append((keras[i] if right != i else None, torch[j] if down != j else None))
        i, j = right, down
    return pairs


def unsure(pairs: Sequence[Pair]) -> list[bool]:
    """Whether each pair has one side alone, next to others of which one may do anything: nothing is proved to lack there."""
    own = [any(step is not None and step.kind == "own" for step in pair) for pair in pairs]
    alone = [mine or None in pair for mine, pair in zip(own, pairs, strict=True)]
    found = [False] * len(pairs)
    for order in (range(len(pairs)), range(len(pairs) - 1, -1, -1)):
        near = False
        for index in order:
            near = alone[index] and (near or own[index])
            found[index] = found[index] or near
    return found


def _choices(
    keras: Sequence[Step], torch: Sequence[Step], cost: list[list[float]], i: int, j: int
) -> list[tuple[float, int, int]]:
    found: list[tuple[float, int, int]] = []
    if i < len(keras) and j < len(torch) and (price := _price(keras[i], torch[j])) is not None:
        found.append((price + cost[i + 1][j + 1], i + 1, j + 1))
    if i < len(keras):
        found.append((_alone(keras[i]) + cost[i + 1][j], i + 1, j))
    if j < len(torch):
        found.append((_alone(torch[j]) + cost[i][j + 1], i, j + 1))
    return found


def _alone(step: Step) -> float:
    return 0.01 if step.kind in UNCOMPARED else 1.0


def _price(a: Step, b: Step) -> float | None:
    """What it costs to take two steps for each other; None where they cannot be."""
    if a.kind == b.kind:
        shared = [name for name in a.facts if name in b.facts]
        unlike = sum(a.facts[name] != b.facts[name] for name in shared)
        return 0.0 if not unlike else 0.3 + 0.3 * unlike / len(shared)
    if "own" in (a.kind, b.kind):
        return 0.6 if not {a.kind, b.kind} & UNCOMPARED - {"own"} else None
    return 0.9 if a.kind in _ALIKE and b.kind in _ALIKE else None
