"""Calls that need not be evaluated twice: what a pure call with equal arguments did is told again instead.

A call is remembered if it wrote to no object that existed before it, and asked about unknown conditions only what was
answered; it is told again where the same answers hold. What it reads besides its arguments is what the module's own
statements made; a write to one of those objects forgets everything. What is told again has an identity of its own, and the
events of the call are written down for it: modules built, calls finished.
"""

from __future__ import annotations

from collections.abc import Callable

from padlint.evaluate import either
from padlint.evaluate.machine import DEPTH, Machine
from padlint.evaluate.memo_copies import Copy
from padlint.evaluate.memo_keys import OBJECTS, Key, NotPlain, TooLarge
from padlint.evaluate.memory import ANSWERS, ROOM, Replay
from padlint.evaluate.record import Built, Frame, Op
from padlint.evaluate.values import Call, Value
from padlint.finding import Place

SMALL = 60
WASTE = 20_000
"""Objects looked at for one line of code in vain: what it calls gets other arguments each time."""


def remembered(machine: Machine, func: Value, call: Call, run: Callable[[], Value]) -> Value:
    """The value of a call: told again where it is remembered, else evaluated."""
    memory = machine.world.memory
    if not memory.enabled or machine.in_module_body or machine.record.guarded:
        return run()
    if memory.wasted.get(call.place, 0) > WASTE:
        return run()
    try:
        key = Key(func, call)
    except TooLarge:
        memory.wasted[call.place] = memory.wasted.get(call.place, 0) + OBJECTS
        return run()
    except NotPlain:
        return run()
    known = memory.replays.get(key.text, ())
    for replay in known:
        if machine.depth + replay.height < DEPTH and _same_answers(machine, replay):
            memory.wasted[call.place] = 0
            return _again(machine, replay, key)
    memory.wasted[call.place] = memory.wasted.get(call.place, 0) + len(key.objects)
    return run() if len(known) >= ANSWERS else _watched(machine, key, call.place, run)


def _same_answers(machine: Machine, replay: Replay) -> bool:
    assumed = machine.decisions.assumed
    return all(assumed.get(question) is answer for question, answer in replay.answers) and all(
        assumed.get(question, answer) is answer for question, answer in replay.supposed
    )


def _watched(machine: Machine, key: Key, place: Place, run: Callable[[], Value]) -> Value:
    """Evaluate a call, and keep what it did if it was pure."""
    memory, record, start, steps = machine.world.memory, machine.record, machine.world.clock, machine.steps
    before = either.now(machine)
    age, passed = memory.age, len(record.passed)
    oldest, highest = machine.oldest, machine.highest
    machine.oldest, machine.highest = start + 1, machine.depth
    try:
        result = run()
        steps -= machine.steps
        pure = machine.oldest > start
        if pure:
            either.undecide(machine, before, place, run, result)
        height = machine.highest - machine.depth
    finally:
        machine.oldest, machine.highest = min(machine.oldest, oldest), max(machine.highest, highest)
    size = len(record.built) - before.built + len(record.ops) - before.ops + 1
    if not pure or memory.age != age or size > ROOM:
        return result
    supposed = dict(machine.supposed[before.supposed :])
    name = hash(key.text)
    if size > SMALL and name not in memory.seen:
        memory.seen.add(name)
        return result
    copy = Copy(machine, start, before.ops, 0, {}, {origin: origin for origin in key.origins})
    try:
        replay = Replay(
            key,
            tuple({q: answer for q, answer in machine.asked[before.asked :] if q not in supposed}.items()),
            tuple(supposed.items()),
            copy.of(result),
            tuple([_rebuilt(copy, b, b.frames) for b in record.built[before.built :]]),
            tuple([_moved(copy, op, op.within, op.frames) for op in record.ops[before.ops :]]),
            tuple([copy.instance(found) for found in machine.walked[before.walked :]]),
            tuple(record.passed[passed:]),
            tuple([copy.instance(b.instance) for b in record.built[before.built :] if id(b.instance) in machine.grown]),
            len(machine.frames),
            len(machine.within),
            before.ops,
            height,
            steps,
            start,
        )
    except NotPlain:
        return result
    if memory.room < size:
        memory.forget()
    memory.room -= size
    memory.replays.setdefault(key.text, []).append(replay)
    return result


def _rebuilt(copy: Copy, built: Built, frames: tuple[Frame, ...]) -> Built:
    """The making of a module as another record has it."""
    decided = len(copy.machine.decisions.taken)
    return Built(copy.instance(built.instance), built.place, frames, built.qualname, built.guarded, decided)


def _moved(copy: Copy, op: Op, within: tuple[int, ...], frames: tuple[Frame, ...]) -> Op:
    """A finished call as another record has it."""
    return Op(
        op.number + copy.shift,
        op.kind,
        op.name,
        copy.instance(op.instance) if op.instance is not None else None,
        tuple([copy.of(value) for value in op.inputs]),
        op.place,
        within,
        copy.call(op.call),
        copy.of(op.output),
        op.refusal,
        frames,
        op.guarded,
        len(copy.machine.decisions.taken),
    )


def _again(machine: Machine, replay: Replay, key: Key) -> Value:
    """Write down what a remembered call did, for these arguments."""
    record = machine.record
    shift = len(record.ops) - replay.first
    known = {id(old): new for old, new in zip(replay.key.objects, key.objects, strict=True)}
    copy = Copy(
        machine, replay.start, replay.first, shift, known, dict(zip(replay.key.origins, key.origins, strict=True))
    )
    before = {id(built.frames): built.frames for built in replay.built} | {
        id(op.frames): op.frames for op in replay.ops
    }
    frames = {address: machine.frames + old[replay.before :] for address, old in before.items()}
    around = {id(op.within): op.within for op in replay.ops}
    within = {a: machine.within + tuple([n + shift for n in old[replay.around :]]) for a, old in around.items()}
    for built in replay.built:
        record.built.append(_rebuilt(copy, built, frames[id(built.frames)]))
    for op in replay.ops:
        record.ops.append(_moved(copy, op, within[id(op.within)], frames[id(op.frames)]))
    record.passed.extend(replay.passed)
    machine.walked.extend([copy.instance(instance) for instance in replay.walked])
    machine.grown.update([id(copy.instance(instance)) for instance in replay.grown])
    machine.asked.extend(replay.answers)
    for question, answer in replay.supposed:
        machine.suppose(question, answer)
    machine.steps -= replay.steps
    machine.told += max(0, replay.steps - len(replay.built) - len(replay.ops))
    machine.highest = max(machine.highest, machine.depth + replay.height)
    return copy.of(replay.result)
