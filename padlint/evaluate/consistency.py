"""What answers to some questions say about others: of one unknown value, not every two are true at once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from padlint.arithmetic.dims import Expr
from padlint.evaluate.values import PLAIN, Condition, Value

Constant = bool | int | float | str | None


@dataclass(slots=True)
class _Known:
    """What is known of one value: it is one of `among`, if that is told, none of `others`, above `low` and below `high`,
    each with whether it may be that number itself, and counts as true or not."""

    among: frozenset[Constant] | None = None
    others: frozenset[Constant] = field(default_factory=frozenset)
    low: tuple[int, bool] | None = None
    high: tuple[int, bool] | None = None
    truth: bool | None = None

    def learn(self, question: Value, answer: bool) -> None:
        if not isinstance(question, Condition):
            self.truth = answer
            return
        choices, bound = _choices(question), _bound(question)
        if choices is not None and answer:
            self.among = choices if self.among is None else self.among & choices
        elif choices is not None:
            self.others |= choices
        elif bound is not None:
            below, number = bound
            if below is answer and (self.high is None or number <= self.high[0]):
                self.high = number, not answer
            elif below is not answer and (self.low is None or number >= self.low[0]):
                self.low = number, not answer

    def says(self, question: Value) -> bool | None:
        """The answer that follows; None where either may be."""
        if not isinstance(question, Condition):
            verdicts = {bool(each) for each in self.among or ()}
            return verdicts.pop() if len(verdicts) == 1 else None
        choices, bound = _choices(question), _bound(question)
        if choices is not None:
            return self._chooses(choices)
        return self._lies(*bound) if bound is not None else None

    def _chooses(self, choices: frozenset[Constant]) -> bool | None:
        if self.truth is not None and not any(bool(each) is self.truth for each in choices):
            return False
        told = (*choices, *self.others, *(self.among or ()))
        if len({type(each) for each in told if isinstance(each, (bool, int, float))}) > 1:
            return None  # 1 == True, and is not it
        if self.among is None:
            return None if any(map(self._admits, choices - self.others)) else False
        left = frozenset(filter(self._admits, self.among - self.others))
        return False if not left & choices else True if left <= choices else None

    def _lies(self, below: bool, number: int) -> bool | None:
        """Is it below, or else above, a number?"""
        sure, never = (self.high, self.low) if below else (self.low, self.high)
        if sure is not None and (sure == (number, False) or (sure[0] < number if below else sure[0] > number)):
            return True
        if never is not None and (never[0] >= number if below else never[0] <= number):
            return False
        return None

    def _admits(self, value: Constant) -> bool:
        if not isinstance(value, (bool, int, float)):
            return True
        low, high = self.low or (-math.inf, True), self.high or (math.inf, True)
        return (value > low[0] or (value == low[0] and low[1])) and (value < high[0] or (value == high[0] and high[1]))


def follows(question: Value, assumed: Mapping[Value, bool]) -> bool | None:
    """The answer to a question that follows from those given to others about the same value."""
    about, known = _subject(question), _Known()
    if about is None:
        return None
    for other, answer in assumed.items():
        if _subject(other) == about:
            known.learn(other, answer)
    return known.says(question)


def _subject(question: Value) -> Value:
    """The unknown value that a question compares with constants, or asks the truth of; None where it does something else."""
    if not isinstance(question, Condition):
        return question
    if _choices(question) is not None:
        return question.left
    if question.op == "<":
        return question.left if type(question.right) is int else question.right if type(question.left) is int else None
    return None


def _choices(question: Condition) -> frozenset[Constant] | None:
    """The constants one of which the value must be for the answer to be yes."""
    if question.op in ("==", "is") and isinstance(question.right, PLAIN):
        return frozenset((question.right,))
    if question.op == "in" and isinstance(question.right, tuple):
        found = [each for each in question.right if isinstance(each, PLAIN)]
        return frozenset(found) if len(found) == len(question.right) else None
    return None


def _bound(question: Condition) -> tuple[bool, int] | None:
    """Of a whole number: (True, n) asks whether it is below n, (False, n) whether it is above."""
    if question.op != "<":
        return None
    if isinstance(question.left, Expr) and type(question.right) is int:
        return True, question.right
    if isinstance(question.right, Expr) and type(question.left) is int:
        return False, question.left
    return None
