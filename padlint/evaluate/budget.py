"""How much evaluation one file is worth. Steps are counted, not seconds: what is found must not depend on the machine."""

from __future__ import annotations

from dataclasses import dataclass, field

BUDGET = 10_000_000
"""Steps for the roots of one file, several times what the largest real files take."""
TOO_MANY = "the file takes too many steps to evaluate"


@dataclass(eq=False, slots=True)
class Budget:
    """The steps `spent` by what runs in a world, and in those that ask what would be if something were otherwise.
    `left_out` are, by file and reason, the statements of which, in the end, something was not run."""

    spent: int = 0
    left_out: dict[str, dict[str, set[int]]] = field(default_factory=dict)

    @property
    def used_up(self) -> bool:
        return self.spent >= BUDGET

    def allows(self, path: str, statement: int) -> bool:
        """May a root in this statement still be run?"""
        if self.used_up:
            self.leave_out(path, statement, TOO_MANY)
        return not self.used_up

    def leave_out(self, path: str, statement: int, reason: str) -> None:
        """To be called where what runs in a statement is given up before its end."""
        self.left_out.setdefault(path, {}).setdefault(reason, set()).add(statement)
