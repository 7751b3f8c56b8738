"""Calls that need not be evaluated twice: what a pure call with equal arguments did is told again instead.

A call is remembered if it wrote to no object that existed before it, and asked about unknown conditions only what was
answered; it is told again where the same answers hold. What it reads besides its arguments is what the module's own
statements made; a write to one of those objects forgets everything. What is told again has an identity of its own, and the
events of the call are written down for it: modules built, calls finished.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from padlint.evaluate.machine import DEPTH, Machine
from padlint.evaluate.memo_copies import Copy
from padlint.evaluate.memo_keys import Key, NotPlain
from padlint.evaluate.memory import ANSWERS, ROOM, Replay
from padlint.evaluate.record import Built, Frame, Op
from padlint.evaluate.values import Call, Value

SMALL = 60


def remembered(machine: Machine, func: Value, call: Call, run: Callable[[], Value]) -> Value:
    """The value of a call: told again where it is remembered, else evaluated."""
    memory = machine.world.memory
    if not memory.enabled or machine.in_module_body or machine.record.guarded:
        return run()
    try:
        key = Key(func, call)
    except NotPlain:
        return run()
    known = memory.replays.get(key.text, ())
    for replay in known:
        if machine.depth + replay.height < DEPTH and _same_answers(machine, replay):
            return _again(machine, replay, key)
    return run() if len(known) >= ANSWERS else _watched(machine, key, run)


def _same_answers(machine: Machine, replay: Replay) -> bool:
    assumed = machine.decisions.assumed
    return all(assumed.get(question) is answer for question, answer in replay.answers)


def _watched(machine: Machine, key: Key, run: Callable[[], Value]) -> Value:
    """Evaluate a call, and keep what it did if it was pure."""
    memory, record, start, steps = machine.world.memory, machine.record, machine.world.clock, machine.steps
    built, ops, asked, walked = len(record.built), len(record.ops), len(machine.asked), len(machine.walked)
    age = memory.age
    oldest, highest = machine.oldest, machine.highest
    machine.oldest, machine.highest = start + 1, machine.depth
    try:
        result = run()
        pure = machine.oldest > start
        height = machine.highest - machine.depth
    finally:
        machine.oldest, machine.highest = min(machine.oldest, oldest), max(machine.highest, highest)
    size = len(record.built) - built + len(record.ops) - ops + 1
    if not pure or memory.age != age or size > ROOM:
        return result
    name = hash(key.text)
    if size > SMALL and name not in memory.seen:
        memory.seen.add(name)
        return result
    copy = Copy(machine, start, ops, 0, {}, {origin: origin for origin in key.origins})
    try:
        replay = Replay(
            key,
            tuple(dict(machine.asked[asked:]).items()),
            copy.of(result),
            tuple([replace(b, instance=copy.instance(b.instance)) for b in record.built[built:]]),
            tuple([_moved(copy, op) for op in record.ops[ops:]]),
            tuple([copy.instance(found) for found in machine.walked[walked:]]),
            tuple([copy.instance(b.instance) for b in record.built[built:] if id(b.instance) in machine.grown]),
            len(machine.frames),
            len(machine.within),
            ops,
            height,
            steps - machine.steps,
            start,
        )
    except NotPlain:
        return result
    if memory.room < size:
        memory.forget()
    memory.room -= size
    memory.replays.setdefault(key.text, []).append(replay)
    return result


def _moved(copy: Copy, op: Op) -> Op:
    """A finished call as another record has it; the frames and the module calls around it are still the old ones."""
    return Op(
        op.number + copy.shift,
        op.kind,
        op.name,
        copy.instance(op.instance) if op.instance is not None else None,
        tuple([copy.of(value) for value in op.inputs]),
        op.place,
        op.within,
        copy.call(op.call),
        copy.of(op.output),
        op.refusal,
        op.frames,
        op.guarded,
    )


def _again(machine: Machine, replay: Replay, key: Key) -> Value:
    """Write down what a remembered call did, for these arguments."""
    record = machine.record
    shift = len(record.ops) - replay.first
    known = {id(old): new for old, new in zip(replay.key.objects, key.objects, strict=True)}
    copy = Copy(
        machine, replay.start, replay.first, shift, known, dict(zip(replay.key.origins, key.origins, strict=True))
    )
    frames: dict[int, tuple[Frame, ...]] = {}
    within: dict[int, tuple[int, ...]] = {}
    for built in replay.built:
        around = frames.get(id(built.frames))
        if around is None:
            around = frames[id(built.frames)] = machine.frames + built.frames[replay.before :]
        record.built.append(Built(copy.instance(built.instance), built.place, around, built.qualname, built.guarded))
    for op in replay.ops:
        moved = _moved(copy, op)
        around = frames.get(id(op.frames))
        if around is None:
            around = frames[id(op.frames)] = machine.frames + op.frames[replay.before :]
        inside = within.get(id(op.within))
        if inside is None:
            inside = within[id(op.within)] = machine.within + tuple([n + shift for n in op.within[replay.around :]])
        moved.frames, moved.within = around, inside
        record.ops.append(moved)
    machine.walked.extend([copy.instance(instance) for instance in replay.walked])
    machine.grown.update([id(copy.instance(instance)) for instance in replay.grown])
    machine.asked.extend(replay.answers)
    machine.steps -= replay.steps
    machine.highest = max(machine.highest, machine.depth + replay.height)
    return copy.of(replay.result)
