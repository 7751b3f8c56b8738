"""The machine that expressions, statements and calls run on: budget, decisions on unknown conditions, call path, record.

It is an interpreter in direct style. Where control flow depends on something unknown, `truth` takes one side and remembers
the question; the root is then run again for the other side (`roots.explore`), so that no state must ever be copied. Where
the number of paths is used up, or in a module's own body, `truth` answers None and what hangs on it becomes unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Sized
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from padlint.arithmetic.dims import Expr, Unknown, equal
from padlint.errors import BoundExceeded
from padlint.evaluate.consistency import follows
from padlint.evaluate.journal import Changing, Journal
from padlint.evaluate.record import Frame, Kind, Op, Record
from padlint.evaluate.values import (
    MISSING,
    Call,
    ClassValue,
    Condition,
    DictValue,
    Fresh,
    Function,
    Instance,
    IteratorValue,
    ListValue,
    Many,
    ModuleValue,
    Namespace,
    Scope,
    SetValue,
    Tensor,
    Value,
    ViewValue,
    torch_base,
)
from padlint.evaluate.weight import CALL, FACTOR, LOOK, MOST, PAIR, TooLarge, weight
from padlint.finding import Place
from padlint.layers.base import Refusal
from padlint.syntax import ir

if TYPE_CHECKING:
    from padlint.evaluate.world import World

TRAINING = Unknown("whether the model is in training mode")
STEPS = 300_000
DEPTH = 80
DECISIONS = 24
TOO_MANY_STEPS = "the evaluation takes too many steps"

Handler = Callable[["Machine", ir.Node, Scope], "Value"]
Changes = Mapping[Place, Mapping[str, Value]]
T = TypeVar("T")


class Raised(Exception):
    """The program raises here. `name` is the exception's class as far as it is known, `bases` what it derives from where
    it is one of the program."""

    def __init__(self, name: str, place: Place, bases: tuple[str, ...] = ()) -> None:
        super().__init__(name)
        self.name = name
        self.bases = bases
        self.place = place


class Infeasible(Exception):
    """The decisions taken contradict each other: nothing on this path is true of the program."""


class Sealed(Exception):
    """Something would change that was there before what runs now, and that must not change."""


@dataclass(slots=True)
class Decisions:
    """The answers given to unknown conditions on this path. `prefix` is to be repeated; beyond it True comes first.
    `built`: how many of them were given before the first call of what was built."""

    prefix: tuple[bool, ...] = ()
    room: int = 0
    taken: list[bool] = field(default_factory=list)
    assumed: dict[Value, bool] = field(default_factory=dict)
    built: int | None = None

    def construction_ends(self) -> None:
        """From here on questions are about inputs, not about what is built; fewer of their answers are followed."""
        self.built = len(self.taken) if self.built is None else self.built

    def decide(self, question: Value) -> bool | None:
        if question in self.assumed:
            return self.assumed[question]
        settled = follows(question, self.assumed)
        if settled is not None:
            self.assumed[question] = settled
            return settled
        if len(self.taken) < len(self.prefix):
            answer = self.prefix[len(self.taken)]
        elif len(self.taken) < self.room:
            answer = question != TRAINING  # as a model is used, first
        else:
            return None
        self.taken.append(answer)
        self.assumed[question] = answer
        return answer


@dataclass(frozen=True, slots=True)
class Semantics:
    """The tables that say what nodes, calls and attributes mean; assembled in `interpreter`."""

    expressions: Mapping[type, Callable[[Machine, ir.Node, Scope], Value]]
    statements: Mapping[type, Callable[[Machine, ir.Node, Scope], Signal | None]]
    call: Callable[[Machine, Value, Call], Value]
    attribute: Callable[[Machine, Value, str, Place], Value]


@dataclass(frozen=True, slots=True)
class Signal:
    """How a block ended other than by its end: "return" with a value, "break", "continue"."""

    kind: str
    value: Value = None


class Machine:
    """One run over one root."""

    def __init__(self, world: World, semantics: Semantics) -> None:
        self.world = world
        self.semantics = semantics
        self.record = Record(world.records)
        self.decisions = Decisions()
        self.frames: tuple[Frame, ...] = ()
        self.within: tuple[int, ...] = ()
        self.loops: list[int] = []
        self.oldest = 0
        self.sealed: int | None = None  # the moment before which nothing may have been made that changes now
        self.highest = 0
        self.steps = STEPS
        self.ungiven: Unknown | None = None  # what stands for arguments that a root took to be None or left out
        self.spare = False  # does the root's `**kwargs`, taken to be empty, stand for more?
        self.told = 0
        self.depth = 0
        self.in_module_body = 0
        self.walked: list[Instance] = []
        self.asked: list[tuple[Value, bool]] = []
        self.supposed: list[tuple[Value, bool]] = []
        self.grown: set[int] = set()
        self.resume: Callable[[Value], None] | None = None  # for the generator that a `with` calls now
        self.journals = [Journal(-1)]  # of what the modules' own statements made; of what was there before each loop

    # ------------------------------------------------------------ running

    def evaluate(self, node: ir.Node, scope: Scope) -> Value:
        """What an expression gives; of what would be too large, only why it is not known."""
        self.steps -= 1
        if self.steps < 0:
            raise BoundExceeded(TOO_MANY_STEPS)
        try:
            return self.semantics.expressions[type(node)](self, node, scope)
        except TooLarge as bound:
            return Unknown(str(bound), scope.place(node))

    def charge(self, amount: int) -> None:
        """To be called before so many words are made, or so much work is done. Raises BoundExceeded."""
        cost = amount // FACTOR
        if cost > self.steps:
            raise BoundExceeded(TOO_MANY_STEPS)
        self.steps -= cost

    def look(self, items: int) -> None:
        """To be called before so many items are looked at. Raises BoundExceeded."""
        self.charge(items // LOOK)

    def hold(self, amount: int) -> None:
        """To be called before a value of so many words is made. Raises BoundExceeded, TooLarge where none may have as many."""
        if amount > MOST:
            raise TooLarge("a value too large to follow")
        self.charge(amount)

    def execute(self, block: ir.Block, scope: Scope) -> Signal | None:
        statements = self.semantics.statements
        for statement in block:
            self.steps -= 1
            if self.steps < 0:
                raise BoundExceeded(TOO_MANY_STEPS)
            signal = statements[type(statement)](self, statement, scope)
            if signal is not None:
                return signal
        return None

    def call(self, func: Value, *args: Value, place: Place, **keywords: Value) -> Value:
        return self.semantics.call(self, func, Call(args, keywords, place))

    def invoke(self, func: Value, call: Call) -> Value:
        return self.semantics.call(self, func, call)

    def attribute(self, value: Value, name: str, place: Place) -> Value:
        return self.semantics.attribute(self, value, name, place)

    @property
    def clock(self) -> int:
        """The moment. What a module's own statements make is older than all that runs make."""
        return self.world.past if self.in_module_body else self.world.clock

    def tick(self) -> int:
        if self.in_module_body:
            self.world.past += 1
            return self.world.past
        self.world.clock += 1
        return self.world.clock

    def touch(self, changed: Value) -> None:
        """To be called before an object changes: what called now is then no pure function, if the object existed before."""
        if isinstance(changed, (ListValue, DictValue, SetValue, Instance, Namespace)):
            if changed.born < self.oldest or changed.born < 0:
                self.impure(changed.born)
            self._keep(changed, changed.born)
        elif isinstance(changed, (ClassValue, Function, ModuleValue)):
            self.impure(-1)
            if not isinstance(changed, ModuleValue):
                self._keep(changed, -1)

    def _keep(self, changed: Changing, born: int) -> None:
        for journal in self.journals:
            if self.in_module_body:
                journal.lasts(changed)
            elif born <= journal.since:
                self.look(journal.keep(changed))

    def bind_outside(self, names: dict[str, Value], name: str, value: Value) -> None:
        """Bind a name of a module, or of a function around the one that runs."""
        self.impure(-1)
        for journal in self.journals:
            if self.in_module_body:
                journal.name_lasts(names, name)
            else:
                journal.keep_name(names, name)
        names[name] = value

    def impure(self, born: int = 0) -> None:
        """To be called where what is called now depends on, or changes, something that was made at this moment."""
        if self.sealed is not None and born < self.sealed and not self.in_module_body:
            raise Sealed
        self.oldest = min(self.oldest, born)
        if born < 0 and not self.in_module_body:
            self.world.memory.forget()

    def pay(self) -> None:
        """Charge the world for a run that has ended, and give it back as it was. Calls that were told again count for what
        there was to tell."""
        if self.journals[0].undo():
            self.world.memory.forget()
        self.world.budget.spent += STEPS - self.steps - self.told

    # ------------------------------------------------------------ writing down

    def grow(self, container: Sized, more: int) -> None:
        """To be called before more is put into a dict, a set or a module. Raises BoundExceeded, TooLarge where it may not hold
        so much."""
        if len(container) + more > MOST:
            raise TooLarge("a value too large to follow")
        self.charge(PAIR * more)

    def begin(self, kind: Kind, name: str, instance: Instance | None, inputs: tuple[Value, ...], call: Call) -> Op:
        """A call from here, to be recorded: it has neither output nor refusal yet."""
        self.charge(CALL + len(inputs))
        number = len(self.record.ops)
        return Op(
            number,
            kind,
            name,
            instance,
            inputs,
            call.place,
            self.within,
            call,
            frames=self.frames,
            decided=len(self.decisions.taken),
        )

    def note(self, op: Op, output: Value | Refusal) -> Value:
        """Record a finished call and give its output, tensors marked with the number of the call. A Refusal as output is
        what torch would raise."""
        if isinstance(output, Refusal):
            op.refusal, op.output = output, Unknown(f"{op.name} would raise here", op.place)
        else:
            op.output = self._followed(output, op.place)
        op.guarded = self.record.guarded > 0
        self.record.ops.append(op)
        if isinstance(op.output, Tensor):
            op.output = type(op.output)(op.output.shape, op.number)
        elif isinstance(op.output, tuple):
            op.output = tuple([type(t)(t.shape, op.number) if isinstance(t, Tensor) else t for t in op.output])
        return op.output

    def _followed(self, output: Value, place: Place) -> Value:
        """What a call gives, Unknown where no tensor of torch is as large."""
        try:
            for each in output if isinstance(output, tuple) else (output,):
                if isinstance(each, Tensor):
                    weight(each)
        except TooLarge as bound:
            return Unknown(str(bound), place)
        return output

    def function(self, name: str, inputs: tuple[Value, ...], output: Value | Refusal, call: Call) -> Value:
        """Record a function of torch that acts on shapes."""
        if call.rest is not None or any(isinstance(value, Many) for value in call.args):
            output = Unknown(f"{name} is called with any number of arguments", call.place)
        return self.note(self.begin("function", name, None, inputs, call), output)

    # ------------------------------------------------------------ values

    def list(self, items: Sequence[Value] = ()) -> ListValue:
        self.hold(len(items))
        return ListValue(items, self.tick())

    def iterator(self, items: Sequence[Value]) -> IteratorValue:
        self.hold(len(items))
        return IteratorValue(items, self.tick())

    def dict(self, items: Mapping[Value, Value] | Mapping[str, Value] | None = None) -> DictValue:
        self.hold(len(items) if items is not None else 0)
        return DictValue(items, self.tick())

    def set(self, items: Sequence[Value] = ()) -> SetValue:
        self.hold(len(items))
        return SetValue(items, self.tick())

    def existed_before_loop(self, born: int) -> bool:
        """Was this object there before the innermost loop of unknown length began?"""
        return bool(self.loops) and born <= self.loops[-1]

    def truth(self, value: Value) -> bool | None:
        """Python's truth of a value; on an unknown one, the side that this path takes, or None where it may take none."""
        known = self.known_truth(value)
        if known is not None:
            return known
        if isinstance(value, Condition) and value.op == "not":
            inner = self.truth(value.left)
            return None if inner is None else not inner
        answer = None
        if isinstance(value, (Tensor, Fresh)):  # of the same shape as another one, and true or not by itself
            value = Condition("truth", value, self.tick())
        if not self.in_module_body:
            with suppress(TypeError):  # an unhashable part: no question that could be remembered
                answer = self.decisions.decide(value)
        if answer is None:
            self.impure()  # there was no room for the question: what follows depends on the path
        else:
            self.asked.append((value, answer))
        return answer

    def suppose(self, value: Value, answer: bool) -> None:
        """Take an unknown condition as given from here on: the program raises otherwise."""
        if self.known_truth(value) is not None:
            return
        assumed = self.decisions.assumed
        try:
            if value in assumed:
                self.asked.append((value, assumed[value]))
                return
            assumed[value] = answer
            self.supposed.append((value, answer))
        except TypeError:  # an unhashable part: nothing will ask the same again
            pass

    def _asked_itself(self, value: Instance) -> Value:
        """What `__bool__`, or else `__len__`, of the object's own class says; MISSING where it has neither."""
        mro = value.cls.mro if isinstance(value.cls, ClassValue) else ()
        own = [base.namespace for base in mro if isinstance(base, ClassValue)]
        for name in ("__bool__", "__len__"):
            if any(name in names for names in own):
                return self.call(self.attribute(value, name, value.place), place=value.place)
        return len(value.fields) if value.fields is not None else MISSING

    def known_truth(self, value: Value) -> bool | None:
        if isinstance(value, IteratorValue):
            return True
        if isinstance(value, ViewValue):
            value = tuple(value.look())
            self.look(len(value))
        if isinstance(value, (ListValue, SetValue, tuple)):
            return any(not isinstance(item, Many) for item in value) or (None if len(value) else False)
        if isinstance(value, DictValue):
            return True if len(value) else (None if value.rest else False)
        if isinstance(value, Expr):
            zero = equal(value, 0)
            return None if zero is None else not zero
        if isinstance(value, (Unknown, Condition, Tensor, Fresh)):
            return None
        if isinstance(value, Instance):
            asked = self._asked_itself(value)
            if asked is not MISSING:
                return self.known_truth(asked)
            base = torch_base(value.cls)
            if base is not None and base.name in {"Sequential", "ModuleList", "ModuleDict"}:
                return True if value.children else (None if value.open else False)
            return True
        if isinstance(value, (bool, int, float, complex, str, bytes, range)) or value is None:
            return bool(value)
        return True
