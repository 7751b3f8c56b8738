"""Data sets and transforms: the sizes that their documentation states."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.inputs.judge import built

PROGRAM = """
import torch
from torch import nn
from torch.utils.data import DataLoader
import torchvision
import torchvision.transforms as T
from torchvision import datasets, transforms
from torchvision.transforms import v2

data = {data}
model = nn.Sequential(nn.Identity())
for images, labels in DataLoader(data, batch_size=32):
    model(images)
"""

DATASETS = {
    "MNIST": (1, 28, 28), "FashionMNIST": (1, 28, 28), "KMNIST": (1, 28, 28), "CIFAR10": (3, 32, 32),
    "CIFAR100": (3, 32, 32), "SVHN": (3, 32, 32), "USPS": (1, 16, 16), "FER2013": (1, 48, 48), "PCAM": (3, 96, 96),
    "Omniglot": (1, 105, 105),
}  # fmt: skip
BY_NAME = {"EMNIST": (1, 28, 28), "QMNIST": (1, 28, 28), "STL10": (3, 96, 96), "EuroSAT": (3, 64, 64), **DATASETS}


@pytest.mark.parametrize(("name", "size"), DATASETS.items(), ids=DATASETS)
def test_images_of_a_data_set_with_the_transform_in_its_place(name: str, size: tuple[int, ...], tmp_path: Path) -> None:
    assert shape(tmp_path, f"datasets.{name}('data', True, transforms.ToTensor())") == ("N", *size)


@pytest.mark.parametrize(("name", "size"), BY_NAME.items(), ids=BY_NAME)
def test_images_of_a_data_set_with_the_transform_by_name(name: str, size: tuple[int, ...], tmp_path: Path) -> None:
    made = f"torchvision.datasets.{name}('data', download=True, transform=transforms.ToTensor())"
    assert shape(tmp_path, made) == ("N", *size)


TRANSFORMS = {
    "T.ToTensor()": (3, 32, 32),
    "T.Compose([T.Resize((64, 48)), T.ToTensor()])": (3, 64, 48),
    "T.Compose([T.Resize(40), T.ToTensor()])": (3, 40, 40),
    "T.Compose([T.Resize([40]), T.ToTensor()])": (3, 40, 40),
    "T.Compose([T.ToTensor(), T.Resize(size=224)])": (3, 224, 224),
    "T.Compose([T.RandomCrop(28, padding=4), T.RandomVerticalFlip(), T.ToTensor(), T.Normalize(0, 1)])": (3, 28, 28),
    "T.Compose([T.Pad(2), T.ToTensor()])": (3, 36, 36),
    "T.Compose([T.Pad((1, 2)), T.ToTensor()])": (3, 36, 34),
    "T.Compose([T.Pad((1, 2, 3, 4)), T.ToTensor()])": (3, 38, 36),
    "T.Compose([T.Grayscale(), T.ToTensor()])": (1, 32, 32),
    "T.Compose([T.Grayscale(3), T.CenterCrop((20, 24)), T.PILToTensor()])": (3, 20, 24),
    "T.Compose([T.RandomResizedCrop(24), T.RandomRotation(10), T.ColorJitter(0.1), T.ToTensor()])": (3, 24, 24),
    "T.Compose([T.RandomApply([T.ColorJitter(0.1)], p=0.3), T.ToTensor(), T.RandomErasing()])": (3, 32, 32),
    "T.Compose([T.ToTensor(), T.Lambda(lambda x: x.mean(0, keepdim=True).repeat(3, 1, 1)[:, 4:])])": (3, 28, 32),
    "T.Compose([T.ToTensor(), lambda x: x.view(-1)])": (3 * 32 * 32,),
    "v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Resize((8, 8))])": (3, 8, 8),
    "T.Compose([T.Compose([T.Resize(16)]), T.ToTensor()])": (3, 16, 16),
}  # fmt: skip


@pytest.mark.parametrize(("transform", "size"), TRANSFORMS.items())
def test_transforms_decide_the_size(transform: str, size: tuple[int, ...], tmp_path: Path) -> None:
    assert shape(tmp_path, f"datasets.CIFAR10('data', transform={transform})") == ("N", *size)


FOLDERS = {
    "datasets.ImageFolder('x', T.Compose([T.RandomResizedCrop(224), T.ToTensor()]))": ("N", 3, 224, 224),
    "datasets.ImageFolder('x', transform=T.Compose([T.Resize(256), T.CenterCrop(64), T.ToTensor()]))": ("N", 3, 64, 64),
    "datasets.Food101('x', 'train', T.Compose([T.Resize((9, 8)), T.ToTensor()]))": ("N", 3, 9, 8),
    "datasets.FakeData(10, (3, 20, 22), transform=T.ToTensor())": ("N", 3, 20, 22),
    "datasets.FakeData(transform=T.ToTensor())": ("N", 3, 224, 224),
    "datasets.CelebA('x', transform=T.Compose([T.Resize(109), T.ToTensor()]))": ("N", 3, 133, 109),
}  # fmt: skip


@pytest.mark.parametrize(("data", "size"), FOLDERS.items())
def test_images_of_any_size_that_a_transform_makes_equal(
    data: str, size: tuple[int | str, ...], tmp_path: Path
) -> None:
    assert shape(tmp_path, data) == size


UNKNOWN = {
    "no tensor": "datasets.CIFAR10('data', True)",
    "no tensor after a crop": "datasets.CIFAR10('data', transform=T.CenterCrop(20))",
    "a resize of one number": "datasets.ImageFolder('x', T.Compose([T.Resize(224), T.ToTensor()]))",
    "a transform from elsewhere": "datasets.CIFAR10('x', transform=weights.transforms())",
    "a rotation that expands": "datasets.SVHN('x', '', T.Compose([T.RandomRotation(9, expand=True), T.ToTensor()]))",
    "a crop left out": "datasets.SVHN('x', '', T.Compose([T.RandomApply([T.CenterCrop(8)]), T.ToTensor()]))",
    "several crops": "datasets.CIFAR10('x', transform=T.Compose([T.FiveCrop(8), T.ToTensor()]))",
    "an own loader": "datasets.ImageFolder('x', T.ToTensor(), loader=load)",
}  # fmt: skip


@pytest.mark.parametrize("data", UNKNOWN.values(), ids=UNKNOWN.keys())
def test_what_no_documentation_says_stays_unknown(data: str, tmp_path: Path) -> None:
    found = shape(tmp_path, data)
    assert found is None or not any(isinstance(size, int) for size in found[2:])


def shape(folder: Path, data: str) -> tuple[int | str | None, ...] | None:
    (found,) = built(folder, PROGRAM.format(data=data))
    return found.layers[0].in_shape
