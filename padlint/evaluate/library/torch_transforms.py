"""torchvision.transforms where they decide the size of an image: functions on images of PIL and on tensors.

Sizes as documented at pytorch.org/vision, "Transforming images"; `Resize(int)` as its functional.resize.
"""

from __future__ import annotations

from collections.abc import Callable

from padlint.arithmetic.dims import Dim, Expr, Unknown, equal
from padlint.evaluate.library.basics import exact
from padlint.evaluate.machine import Machine
from padlint.evaluate.protocols import iterate
from padlint.evaluate.registry import Table
from padlint.evaluate.tensors import settled
from padlint.evaluate.values import Builtin, Call, ListValue, Namespace, Value
from padlint.layers.base import Shape, Tensor

FUNCTIONS = Table()
Rule = Callable[[Call, Shape], "Shape | Unknown"]
"""(C, H, W) before, (C, H, W) after; the Call has the arguments that the transform was made with."""

_PICTURE = "PIL.Image.Image"
_SAME = (
    "AugMix", "AutoAugment", "ClampBoundingBoxes", "ColorJitter", "ConvertImageDtype", "ElasticTransform",
    "GaussianBlur", "GaussianNoise", "Identity", "Normalize", "RGB", "RandAugment", "RandomAdjustSharpness",
    "RandomAffine", "RandomAutocontrast", "RandomChannelPermutation", "RandomEqualize", "RandomErasing",
    "RandomGrayscale", "RandomHorizontalFlip", "RandomInvert", "RandomPerspective", "RandomPhotometricDistort",
    "RandomPosterize", "RandomSolarize", "RandomVerticalFlip", "ToDtype", "ToPureTensor", "TrivialAugmentWide",
)  # fmt: skip


def picture(shape: Shape) -> Namespace:
    """An image of PIL with `shape` (C, H, W)."""
    channels, height, width = shape
    return Namespace(_PICTURE, {"size": (width, height), "width": width, "height": height, "bands": channels})


def _names(*names: str) -> tuple[str, ...]:
    return tuple(f"torchvision.transforms.{home}{name}" for name in names for home in ("", "v2."))


def _size_of(value: Value) -> Shape | None:
    """(C, H, W) of an image or of a tensor of an image."""
    if isinstance(value, Tensor) and len(value.shape) == 3:
        return value.shape
    if isinstance(value, Namespace) and value.name == _PICTURE:
        sizes = [value.attrs[name] for name in ("bands", "height", "width")]
        return tuple(size if isinstance(size, (int, Expr, Unknown)) else Unknown("a size") for size in sizes)
    return None


def _made(name: str, rule: Rule) -> Callable[[Machine, Call], Value]:
    """What makes a transform: calling it gives a function on images that follows the rule."""

    def make(machine: Machine, made_by: Call) -> Value:
        def run(inner: Machine, call: Call) -> Value:
            value = settled(call.arg(0)) if call.args else None
            before = _size_of(value)
            after = rule(made_by, before) if before is not None else Unknown(f"{name} of something unknown", call.place)
            if isinstance(after, Unknown):
                return value if isinstance(value, Unknown) else after
            return Tensor(after) if isinstance(value, Tensor) else picture(after)

        return Builtin(f"torchvision.transforms.{name}", run)

    return make


def _register(rule: Rule, *names: str) -> None:
    for name in names:
        FUNCTIONS.knows(*_names(name))(_made(name, rule))


_register(lambda call, shape: shape, *_SAME)


# ---------------------------------------------------------------- sizes


def _sizes(value: Value) -> list[Dim] | None:
    items = list(value) if isinstance(value, (tuple, ListValue)) else [value]
    sizes = [item for item in items if isinstance(item, (int, Expr)) and not isinstance(item, bool)]
    return [*sizes] if len(sizes) == len(items) else None


def _cropped(call: Call, shape: Shape) -> Shape | Unknown:
    """(h, w), or one number for both."""
    sizes = _sizes(call.get(0, "size"))
    if sizes is None or not 1 <= len(sizes) <= 2:
        return Unknown("a crop whose size is not known", call.place)
    return (shape[0], sizes[0], sizes[-1])


def _resized(call: Call, shape: Shape) -> Shape | Unknown:
    """(h, w); one number is for the shorter side, the other keeps its ratio."""
    sizes = _sizes(call.get(0, "size"))
    if sizes is None or not 1 <= len(sizes) <= 2 or call.get(2, "max_size") is not None:
        return Unknown("Resize to a size that is not known", call.place)
    if len(sizes) == 2:
        return (shape[0], *sizes)
    channels, height, width = shape
    if equal(height, width):
        return (channels, sizes[0], sizes[0])
    if isinstance(sizes[0], int) and isinstance(height, int) and isinstance(width, int):
        long = int(sizes[0] * max(height, width) / min(height, width))
        return (channels, long, sizes[0]) if height > width else (channels, sizes[0], long)
    unknown = Unknown("Resize of one number gives a size only for square images", call.place)
    return (channels, unknown, unknown)


def _padded(call: Call, shape: Shape) -> Shape | Unknown:
    """One number; (left and right, top and bottom); or (left, top, right, bottom)."""
    sizes = _sizes(call.get(0, "padding"))
    if sizes is None or len(sizes) not in (1, 2, 4):
        return Unknown("Pad by numbers that are not known", call.place)
    left, top, right, bottom = (sizes * 4)[:4]
    return (shape[0], shape[1] + top + bottom, shape[2] + left + right)


def _gray(call: Call, shape: Shape) -> Shape | Unknown:
    channels = call.get(0, "num_output_channels", 1)
    return (channels, *shape[1:]) if isinstance(channels, int) else Unknown("Grayscale of unknown channels", call.place)


def _rotated(call: Call, shape: Shape) -> Shape | Unknown:
    expand = call.get(2, "expand", False)
    return shape if expand is False else Unknown("a rotation that expands the image", call.place)


_register(_cropped, "CenterCrop", "RandomCrop", "RandomResizedCrop")
_register(_resized, "Resize")
_register(_padded, "Pad")
_register(_gray, "Grayscale")
_register(_rotated, "RandomRotation")


# ---------------------------------------------------------------- between images and tensors


@FUNCTIONS.knows(*_names("ToTensor", "PILToTensor", "ToImage"))
def to_tensor(machine: Machine, made_by: Call) -> Value:
    def run(inner: Machine, call: Call) -> Value:
        value = call.arg(0) if call.args else None
        shape = None if isinstance(value, Tensor) else _size_of(value)
        if shape is None:
            return value if isinstance(value, Unknown) else Unknown("ToTensor of something unknown", call.place)
        return Tensor(shape)

    return Builtin("torchvision.transforms.ToTensor", run)


@FUNCTIONS.knows(*_names("ToPILImage"))
def to_picture(machine: Machine, made_by: Call) -> Value:
    def run(inner: Machine, call: Call) -> Value:
        shape = _size_of(settled(call.arg(0))) if call.args else None
        return picture(shape) if shape is not None else Unknown("ToPILImage of something unknown", call.place)

    return Builtin("torchvision.transforms.ToPILImage", run)


# ---------------------------------------------------------------- several


def _listed(machine: Machine, call: Call) -> list[Value] | Unknown:
    return exact(iterate(machine, call.get(0, "transforms"), call.place), call)


@FUNCTIONS.knows(*_names("Compose"))
def compose(machine: Machine, made_by: Call) -> Value:
    """One after the other; of a list that is changed later, what is in it when an image comes."""

    def run(inner: Machine, call: Call) -> Value:
        steps = _listed(inner, made_by)
        value = call.arg(0) if call.args else None
        for step in [] if isinstance(steps, Unknown) else steps:
            value = inner.call(step, value, place=call.place)
        return steps if isinstance(steps, Unknown) else value

    return Builtin("torchvision.transforms.Compose", run)


@FUNCTIONS.knows(*_names("Lambda"))
def function(machine: Machine, made_by: Call) -> Value:
    return made_by.get(0, "lambd", made_by.keywords.get("lambda_"))


@FUNCTIONS.knows(*_names("RandomApply", "RandomChoice", "RandomOrder"))
def some(machine: Machine, made_by: Call) -> Value:
    """Any of them or none: known where that makes no difference to the size."""

    def run(inner: Machine, call: Call) -> Value:
        steps = _listed(inner, made_by)
        value = call.arg(0) if call.args else None
        before = _size_of(value)
        for step in [] if isinstance(steps, Unknown) else steps:
            after = inner.call(step, value, place=call.place)
            same_kind = isinstance(after, Tensor) is isinstance(value, Tensor)
            if before is None or _size_of(after) != before or not same_kind:
                return Unknown("transforms of which any may be left out", call.place)
        return steps if isinstance(steps, Unknown) else value

    return Builtin("torchvision.transforms.RandomApply", run)
