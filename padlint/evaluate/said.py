"""Which comments may speak of a module: those at the constructs that it was the value of, and those at its classes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from padlint.arithmetic.dims import Unknown
from padlint.evaluate.attributes import describe
from padlint.evaluate.values import (
    ClassValue,
    DictValue,
    External,
    Function,
    Instance,
    KerasObject,
    KerasTensor,
    ListValue,
    Many,
    Tensor,
    TorchClass,
    Value,
    in_mro,
    is_module,
    linearised,
    torch_base,
)
from padlint.finding import Place
from padlint.syntax import ir

if TYPE_CHECKING:
    from padlint.evaluate.world import World


def hear(world: World, place: Place, value: Value, given: Sequence[Value] = ()) -> None:
    """A construct with a comment has a value: the module of which the comment speaks, or something else. Where a call gives
    nothing, it speaks of what is `given` to it: `layers.append(...)`."""
    if isinstance(value, Function) and isinstance(value.node, ir.Lambda):  # what it gives
        world.lambdas[value.scope.place(value.node)] = place
    modules = _modules(value) or (_modules(tuple(given)) if value is None else [])
    for made in modules:
        while isinstance(made.cls, TorchClass) and made.cls.name == "DataParallel":
            made = next((each for each in made.children.values() if isinstance(each, Instance)), made)
        if len(modules) > 1:
            made.among = _first(place, made.among)
        elif made.said[:1] != (place,):
            made.said = _first(place, made.said)
    if len(modules) == 1:
        world.gave[place] = None
    elif world.gave.get(place, "") is not None:
        world.gave[place] = _why(value, modules)


def _first(place: Place, places: tuple[Place, ...]) -> tuple[Place, ...]:
    return (place, *(each for each in places if each != place))


def hear_classes(world: World, made: Instance) -> None:
    """An instance is made: what is declared for its class, or for one that it inherits all from, is declared for it."""
    own = made.cls
    assert isinstance(own, ClassValue)
    for cls in classes_of(made, whole=True) if torch_base(own) is not None else (own,):
        if cls.place in cls.module.marked:
            world.entered.add(cls.place)
            world.gave[cls.place] = None if torch_base(cls) is not None else _why_no_module(cls)


def _why_no_module(cls: ClassValue) -> str | Unknown:
    unknown = [base.dotted for base in cls.mro if isinstance(base, External) and base.dotted != "builtins.object"]
    if any(base.startswith(("keras.", "tensorflow.")) for base in unknown):
        return f"{cls.name} is a class of Keras; directives are about modules of torch"
    if unknown:
        return Unknown(f"the base {unknown[0]} of {cls.name} is not known")
    return f"{cls.name} is no module of torch"


def places_of(module: Instance, among: bool = False) -> tuple[Place, ...]:
    """The constructs that a module was the value of, the last one first; if `among`, those too of which it was one of
    several."""
    own = module.said if module.place in module.said else (*module.said, module.place)
    return (*own, *module.among) if among and module.among else own


def classes_of(module: Instance, whole: bool) -> Iterator[ClassValue]:
    """The class of a module, and those that it inherits its forward from; if `whole`, its `__init__` too."""
    mro = linearised(module.cls)
    for index, base in enumerate(mro):
        if not isinstance(base, ClassValue) or torch_base(base) is None:
            continue
        kept = ("forward", "__init__") if whole else ("forward",)
        if index and any(in_mro(mro, name) is not in_mro(mro[index:], name) for name in kept):
            return
        yield base


def _modules(value: Value) -> Sequence[Instance]:
    if isinstance(value, Instance):
        return [value] if is_module(value) else []
    items: list[Value] = []
    if isinstance(value, DictValue):
        items = list(value.values())
    elif isinstance(value, (tuple, ListValue)):
        items = [part for each in value for part in (each if isinstance(each, (tuple, ListValue)) else [each])]
    return [each for each in items if isinstance(each, Instance) and is_module(each)]


def _why(value: Value, modules: Sequence[Instance]) -> str | Unknown:
    """Why nothing can be said of a value; Unknown where that is not sure."""
    if modules:
        names = ", ".join(module.cls.name for module in modules)
        return f"it gives several modules ({names}); write it at one of them"
    if isinstance(value, Unknown):
        return value
    if isinstance(value, (KerasObject, KerasTensor)):
        return "it is Keras's; directives are about modules of torch"
    if isinstance(value, Tensor):
        return "it gives a tensor; write it where the module is made"
    if isinstance(value, (ClassValue, Function)):
        return f"it gives {value.name if isinstance(value, ClassValue) else value.qualname}, which makes nothing yet"
    if value is None or isinstance(value, (bool, int, float, str, bytes)):
        return f"it gives {'nothing' if value is None else type(value).__name__}, no module"
    if isinstance(value, Instance) and not any(isinstance(base, External) for base in linearised(value.cls)):
        return f"it gives {value.cls.name}, no module"
    if isinstance(value, (tuple, ListValue, DictValue)) and not any(
        isinstance(each, (Unknown, Many)) for each in value
    ):
        return "it gives no module"
    return Unknown(f"it gives {describe(value)}")
