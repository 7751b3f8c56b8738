"""The words for what changes no shape: methods known by their names alone, functions by where they lie."""

from __future__ import annotations

FILLING = frozenset({
    "normal_", "uniform_", "zero_", "fill_", "copy_", "mul_", "add_", "sub_", "div_", "clamp_", "clamp_min_", "clamp_max_",
    "erfinv_", "exponential_", "bernoulli_", "random_", "log_normal_", "exp_", "log_", "sqrt_", "pow_", "neg_", "abs_",
    "masked_fill_", "fill_diagonal_", "index_fill_", "requires_grad_", "reset_parameters",
})  # fmt: skip
"""Methods of tensors, and one of modules, that change numbers in place and no shape."""
ASKING = frozenset({
    "size", "dim", "numel", "detach", "clone", "view", "reshape", "unsqueeze", "t", "transpose", "permute", "float",
    "double", "abs", "mean", "sum", "item", "tolist", "norm", "max", "min", "named_children", "children", "modules",
    "named_modules", "parameters", "named_parameters", "buffers", "named_buffers", "items", "keys", "values", "get",
    "split", "startswith", "endswith", "lower", "upper", "join", "format", "replace", "strip", "index", "count", "info",
    "debug", "warning", "warn",
})  # fmt: skip
"""Methods of tensors, modules, dicts, texts and loggers that change nothing."""
QUIET = frozenset({
    "isinstance", "issubclass", "hasattr", "getattr", "len", "print", "range", "enumerate", "zip", "max", "min", "abs",
    "float", "int", "str", "bool", "type", "sum", "any", "all", "round", "repr", "list", "tuple", "dict", "set", "sorted",
    "super",
})  # fmt: skip
"""Functions of Python that change nothing."""
QUIET_PLACES = ("math.", "warnings.", "logging.", "numpy.", "functools.partial")
"""Where whole packages of such functions lie."""
