"""The calls that a program makes, of all that a run recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from padlint.evaluate.protocols import defines
from padlint.evaluate.record import Op
from padlint.evaluate.roots import Run
from padlint.evaluate.values import Instance


def called(run: Run) -> Iterator[Op]:
    """The calls of layers and functions that the program makes; of those made only to see what a Sequential does, the
    ones that are chains."""
    record = run.record
    chains = _Chains(run)
    for op in record.ops:
        if op.kind != "module" and (record.alone is None or op.number < record.alone or chains.holds(op.within)):
            yield op


@dataclass(eq=False)
class _Chains:
    """Do the layers around a call surely follow one another? Not where a forward may walk over them in its way."""

    run: Run
    known: dict[tuple[int, ...], bool] = field(default_factory=dict)

    def holds(self, within: tuple[int, ...]) -> bool:
        if within not in self.known:
            self.known[within] = self._decide(within)
        return self.known[within]

    def _decide(self, within: tuple[int, ...]) -> bool:
        ops = self.run.record.ops
        around = [module for number in within if (module := ops[number].instance) is not None]
        if not around or any(id(module) in self.run.unchained for module in around):
            return False
        whole = id(around[0])
        if whole in self._called:
            return True  # the program calls it, with something that is not known
        return not any(defines(owner, "forward") for owner in self._owners.get(whole, ()))

    @cached_property
    def _called(self) -> set[int]:
        """What the program itself calls."""
        record = self.run.record
        return {id(each.instance) for each in record.ops if each.number < (record.alone or 0)}

    @cached_property
    def _owners(self) -> Mapping[int, Sequence[Instance]]:
        """The modules that have a module as a child."""
        found: dict[int, list[Instance]] = {}
        for built in self.run.record.everything_built():
            for child in built.instance.children.values():
                found.setdefault(id(child), []).append(built.instance)
        return found
