"""One root for everything that padlint raises for its users."""

from __future__ import annotations

from padlint import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")


class PadlintError(Exception):
    """A user's mistake or a file that cannot be handled: one clear line, exit code 2."""


class UsageError(PadlintError):
    """An option, a configuration key or a request that cannot be understood."""


class UnreadableError(PadlintError):
    """A file that cannot be read, decoded or written."""


class BoundExceeded(PadlintError):
    """An analysis was given up because a bound on work, depth or size was reached."""


def exhausted(problem: BaseException) -> str:
    """What has come to its end where Python itself could go no further."""
    return "not enough memory" if isinstance(problem, MemoryError) else "nested too deeply"


def within_bounds(run: Callable[[], T], otherwise: Callable[[str], T]) -> T:
    """Run something; where it reaches a bound, of ours or of Python, what is to be done about it, with the reason."""
    try:
        return run()
    except BoundExceeded as bound:
        reason = str(bound)
    except (MemoryError, RecursionError) as problem:
        reason = exhausted(problem)
    return otherwise(reason)
