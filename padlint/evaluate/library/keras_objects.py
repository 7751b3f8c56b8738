"""What models and layers of Keras can do besides being called."""

from __future__ import annotations

from padlint.arithmetic.dims import Unknown
from padlint.evaluate.machine import Machine
from padlint.evaluate.registry import Table
from padlint.evaluate.values import Call, KerasObject, MissingArgument, Value

OBJECT = Table()
METHODS = {KerasObject: OBJECT}


def own(call: Call) -> KerasObject:
    found = call.arg(0)
    if not isinstance(found, KerasObject):
        raise MissingArgument
    return found


@OBJECT.knows("add")
def add(machine: Machine, call: Call) -> Value:
    from padlint.evaluate.keras import add as append

    append(machine, own(call), call.get(1, "layer"), call)
    return None


@OBJECT.knows("build")
def build(machine: Machine, call: Call) -> Value:
    from padlint.evaluate.keras import told

    told(machine, own(call), call.get(1, "input_shape"), call.place)
    return None


@OBJECT.knows("pop")
def pop(machine: Machine, call: Call) -> Value:
    machine.impure()
    if own(call).layers and not machine.existed_before_loop(own(call).born):
        return own(call).layers.pop()
    own(call).open = own(call).open or Unknown("a layer taken away", call.place)
    return None


@OBJECT.knows("compile", "summary", "load_weights", "save", "save_weights", "set_weights", "export")
def nothing(machine: Machine, call: Call) -> Value:
    return None


@OBJECT.knows("fit", "fit_generator", "predict", "evaluate", "get_weights", "count_params", "get_config", "to_json")
def result(machine: Machine, call: Call) -> Value:
    return Unknown("what a model of Keras gives when it runs", call.place)
