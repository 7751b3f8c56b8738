"""How much evaluation one file is worth. Steps are counted, not seconds: what is found must not depend on the machine."""

from __future__ import annotations

from dataclasses import dataclass, field

BUDGET = 10_000_000
"""Steps for the roots of one file, several times what the largest real files take."""


@dataclass(eq=False, slots=True)
class Budget:
    """The steps `spent` by what runs in a world, and in those that ask what would be if something were otherwise.
    `left_out` are the statements of which, in the end, something was not run."""

    spent: int = 0
    left_out: list[int] = field(default_factory=list)

    @property
    def used_up(self) -> bool:
        return self.spent >= BUDGET

    def allows(self, statement: int) -> bool:
        """May a root in this statement still be run?"""
        if self.used_up:
            self.left_out.append(statement)
        return not self.used_up
