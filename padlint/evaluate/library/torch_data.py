"""Data that a program loads: torchvision's data sets with their transforms, torch's loaders, and the batches they give.

A data set is a Namespace whose items are computed when they are asked for, in the record of whoever asks; its name and
place are the evidence for the shapes that come from it. The sizes are those that each data set's page at
pytorch.org/vision or its own publication documents.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from padlint.arithmetic.dims import Dim, Unknown, symbol
from padlint.evaluate.library.basics import exact
from padlint.evaluate.library.torch_transforms import picture
from padlint.evaluate.machine import Machine
from padlint.evaluate.protocols import iterate, subscript
from padlint.evaluate.registry import Table
from padlint.evaluate.tensors import settled
from padlint.evaluate.values import Builtin, Call, DictValue, ListValue, Many, Namespace, Value
from padlint.layers.base import Shape, Tensor

FUNCTIONS = Table()
Sample = Callable[[Machine], Value]

_ANY = Unknown("images of different sizes")
_PHOTOS: Shape = (3, _ANY, _ANY)  # loaded with .convert("RGB")

DATASETS: Mapping[str, tuple[Shape, int | None]] = {
    **{name: ((1, 28, 28), 2) for name in ("MNIST", "FashionMNIST", "KMNIST")},
    **{name: ((1, 28, 28), None) for name in ("EMNIST", "QMNIST")},
    **{name: ((3, 32, 32), 2) for name in ("CIFAR10", "CIFAR100", "SVHN")},
    "STL10": ((3, 96, 96), 3), "USPS": ((1, 16, 16), 2), "SEMEION": ((1, 16, 16), 1), "Omniglot": ((1, 105, 105), 2),
    "FER2013": ((1, 48, 48), 2), "EuroSAT": ((3, 64, 64), 1), "PCAM": ((3, 96, 96), 2), "CelebA": ((3, 218, 178), 3),
    **{name: (_PHOTOS, 2) for name in ("Flowers102", "Food101", "StanfordCars", "GTSRB")},
    **{name: (_PHOTOS, 3) for name in ("DTD", "FGVCAircraft", "OxfordIIITPet")},
    "SUN397": (_PHOTOS, 1),
}  # fmt: skip
"""(C, H, W) of each data set's images, and where its `transform` stands among the positional parameters."""


# ---------------------------------------------------------------- data sets


def _dataset(name: str, call: Call, sample: Sample, transform: Value = None) -> Namespace:
    """A data set with items that are all alike."""
    made = Namespace(name, {"transform": transform})

    def item(machine: Machine, inner: Call) -> Value:
        return sample(machine)

    def items(machine: Machine, inner: Call) -> Value:
        return machine.list([Many(sample(machine))])

    made.attrs["__getitem__"], made.attrs["__iter__"] = Builtin(name, item), Builtin(name, items)
    return made


def _images(name: str, call: Call, shape: Shape, transform: Value) -> Namespace:
    """Images with labels. Without a transform that makes it a tensor, an image is one of PIL."""

    def sample(machine: Machine) -> Value:
        given = made.attrs["transform"]  # a program may set another one later
        value: Value = picture(shape)
        if given is not None:
            value = settled(machine.call(given, value, place=call.place))
        if isinstance(value, Tensor):
            value = machine.function(name, (), Tensor(value.shape), call)
        elif not isinstance(value, Unknown):
            value = Unknown(f"an image of {name} that is no tensor yet", call.place)
        return (value, Unknown(f"a label of {name}", call.place))

    made = _dataset(name, call, sample, transform)
    return made


def _pictured(name: str, shape: Shape, at: int | None) -> None:
    @FUNCTIONS.knows(f"torchvision.datasets.{name}")
    def run(machine: Machine, call: Call) -> Value:
        transform = call.keywords.get("transform") if at is None else call.get(at, "transform")
        if call.rest is not None or "transforms" in call.keywords or "loader" in call.keywords:
            return call.rest or Unknown(f"a {name} with a loader of its own", call.place)
        return _images(f"torchvision.datasets.{name}", call, shape, transform)


for _name, (_shape, _at) in DATASETS.items():
    _pictured(_name, _shape, _at)


@FUNCTIONS.knows("torchvision.datasets.ImageFolder")
def image_folder(machine: Machine, call: Call) -> Value:
    """`ImageFolder(root, transform, target_transform, loader)`: the default loader gives RGB."""
    if call.rest is not None or call.get(3, "loader") is not None:
        return call.rest or Unknown("an ImageFolder with a loader of its own", call.place)
    return _images("torchvision.datasets.ImageFolder", call, _PHOTOS, call.get(1, "transform"))


@FUNCTIONS.knows("torchvision.datasets.ImageNet")
def image_net(machine: Machine, call: Call) -> Value:
    return image_folder(machine, Call((None,), call.keywords, call.place, call.rest))


@FUNCTIONS.knows("torchvision.datasets.FakeData")
def fake_data(machine: Machine, call: Call) -> Value:
    """`FakeData(size, image_size=(3, 224, 224), num_classes, transform)`"""
    size = call.get(1, "image_size", (3, 224, 224))
    shape = tuple(each for each in size if isinstance(each, int)) if isinstance(size, (tuple, ListValue)) else ()
    if len(shape) != 3 or call.rest is not None:
        return Unknown("FakeData of a size that is not known", call.place)
    return _images("torchvision.datasets.FakeData", call, shape, call.get(3, "transform"))


@FUNCTIONS.knows("torch.utils.data.TensorDataset", "torch.utils.data.dataset.TensorDataset")
def tensor_dataset(machine: Machine, call: Call) -> Value:
    """Tensors cut along their first axis."""
    shapes = [value.shape[1:] if isinstance(value := settled(each), Tensor) else None for each in call.args]

    def sample(inner: Machine) -> Value:
        unknown = Unknown("a part of a tensor that is not known", call.place)
        name = "torch.utils.data.TensorDataset"
        return tuple(inner.function(name, (), Tensor(s), call) if s is not None else unknown for s in shapes)

    return _dataset("torch.utils.data.TensorDataset", call, sample)


# ---------------------------------------------------------------- parts and sums of data sets


def _is_dataset(value: Value) -> bool:
    return isinstance(value, Namespace) and "__getitem__" in value.attrs


@FUNCTIONS.knows("torch.utils.data.Subset", "torch.utils.data.dataset.Subset")
def subset(machine: Machine, call: Call) -> Value:
    whole = call.get(0, "dataset")
    if not isinstance(whole, Namespace) or not _is_dataset(whole):
        return Unknown("a part of a data set that is not known", call.place)
    return Namespace("torch.utils.data.Subset", {**whole.attrs, "dataset": whole})


@FUNCTIONS.knows("torch.utils.data.random_split", "torch.utils.data.dataset.random_split")
def random_split(machine: Machine, call: Call) -> Value:
    lengths = exact(iterate(machine, call.get(1, "lengths"), call.place), call)
    if isinstance(lengths, Unknown):
        return lengths
    return machine.list([subset(machine, call) for _ in lengths])


@FUNCTIONS.knows("torch.utils.data.ConcatDataset", "torch.utils.data.dataset.ConcatDataset")
def concatenated(machine: Machine, call: Call) -> Value:
    parts = exact(iterate(machine, call.get(0, "datasets"), call.place), call)
    if isinstance(parts, Unknown) or not parts or not all(map(_is_dataset, parts)):
        return Unknown("data sets that are not known", call.place)
    known = list(parts)

    def sample(inner: Machine) -> Value:
        items = [subscript(inner, part, 0, call.place) for part in known]
        alike = all(_shapes(item) == _shapes(items[0]) for item in items)
        return items[0] if alike else Unknown("data sets of different shapes", call.place)

    return _dataset("torch.utils.data.ConcatDataset", call, sample)


def _shapes(item: Value) -> object:
    if isinstance(item, tuple):
        return tuple(_shapes(each) for each in item)
    return item.shape if isinstance(item, Tensor) else None


# ---------------------------------------------------------------- loaders


@FUNCTIONS.knows("torch.utils.data.DataLoader", "torch.utils.data.dataloader.DataLoader")
def data_loader(machine: Machine, call: Call) -> Value:
    """Batches of the samples. The last one may be smaller than batch_size, so the size of a batch is `N`."""
    data = call.get(0, "dataset")
    if not _is_dataset(data) or call.rest is not None:
        return Unknown("loads data that are not known", call.place)
    if call.get(6, "collate_fn") is not None or call.get(4, "batch_sampler") is not None:
        return Unknown("batches that are made in a way of their own", call.place)
    size, drop_last = call.get(1, "batch_size", 1), call.get(8, "drop_last", False)
    batch: Dim = symbol("N", minimum=1)
    if isinstance(size, int) and (drop_last is True or size == 1):
        batch = size

    def items(inner: Machine, _: Call) -> Value:
        sample = subscript(inner, data, 0, call.place)
        return inner.list([Many(sample if size is None else _collated(inner, sample, batch, call))])

    attrs = {"dataset": data, "batch_size": size, "drop_last": drop_last, "__iter__": Builtin("iter", items)}
    return Namespace("torch.utils.data.DataLoader", attrs)


def _collated(machine: Machine, sample: Value, batch: Dim, call: Call) -> Value:
    """torch.utils.data.default_collate: tensors are stacked, tuples become lists of batches."""
    if isinstance(sample, Tensor):
        output = Tensor((batch, *sample.shape))
        return machine.function("torch.utils.data.DataLoader", (sample,), output, call)
    if isinstance(sample, (tuple, ListValue)):
        return machine.list([_collated(machine, each, batch, call) for each in sample])
    if isinstance(sample, DictValue):
        return machine.dict({key: _collated(machine, each, batch, call) for key, each in sample.items()})
    return Unknown("a batch of something unknown", call.place)


@FUNCTIONS.knows("tqdm.tqdm", "tqdm.auto.tqdm", "tqdm.notebook.tqdm", "tqdm.std.tqdm", "tqdm.asyncio.tqdm",
                 "tqdm.tqdm_notebook", "tqdm.rich.tqdm", "rich.progress.track",
                 "torch.autograd.Variable", "torch.autograd.variable.Variable")  # fmt: skip
def passed_on(machine: Machine, call: Call) -> Value:
    """What only watches a loop, or a tensor."""
    for name in ("iterable", "sequence", "data"):
        if name in call.keywords:
            return call.keywords[name]
    return call.arg(0) if call.args else Unknown("a progress bar", call.place)
