"""What ONNX's reference evaluator gives for auto_pad."""

from __future__ import annotations

from typing import Literal

from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

from .sliding import Array, Sliding

AutoPad = Literal["SAME_UPPER", "SAME_LOWER"]
_OPSET = 22


def convolved(one: Sliding, auto_pad: AutoPad) -> Array:
    """Conv"""
    return _evaluated("Conv", one, {"x": one.map(), "w": one.weight()}, auto_pad)


def max_pooled(one: Sliding, auto_pad: AutoPad) -> Array:
    """MaxPool"""
    return _evaluated("MaxPool", one, {"x": one.map()}, auto_pad)


def averaged(one: Sliding, auto_pad: AutoPad) -> Array:
    """AveragePool, which does not count the padding"""
    return _evaluated("AveragePool", one, {"x": one.map()}, auto_pad)


def _evaluated(operator: str, one: Sliding, inputs: dict[str, Array], auto_pad: AutoPad) -> Array:
    window = {"kernel_shape": one.kernels, "strides": one.strides, "dilations": one.dilations}
    node = helper.make_node(operator, list(inputs), ["y"], auto_pad=auto_pad, **window)
    infos = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in (*inputs, "y")]
    graph = helper.make_graph([node], operator, infos[:-1], infos[-1:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)])
    output: Array = ReferenceEvaluator(model).run(None, inputs)[0]
    return output
