"""The shapes that a program itself brings to its model: padlint tells what torch then sees."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from tests.inputs.judge import built, observed, predicted

IMPORTS = """
import torch
from torch import nn
from torch.utils.data import ConcatDataset, DataLoader, Subset, TensorDataset, random_split
"""
NET = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2))

    def forward(self, x, y=None):
        return self.features(x)
"""
MNIST = """
from torchvision import datasets, transforms
data = datasets.MNIST("data", train=True, download=True, transform=transforms.ToTensor())
"""

PROGRAMS = {
    "direct": "Net()(torch.rand(3, 1, 30, 30))",
    "device and eval": """
        device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        model = Net().to(device)
        model.eval()
        with torch.no_grad():
            model(torch.randn(2, 1, 21, 40).to(device))
    """,
    "main": """
        def main():
            x = torch.zeros((5, 1, 28, 28))
            print(Net()(x).shape)

        if __name__ == "__main__":
            main()
    """,
    "a test that nobody calls": """
        def test_shape():
            net = Net()
            assert net(torch.ones(2, 1, 16, 16)).shape == (2, 6, 6, 6)
    """,
    "a keyword": "Net()(x=torch.empty(2, 1, 20, 20))",
    "two inputs": "Net()(torch.rand(2, 1, 12, 12), torch.rand(2, 5))",
    "a tensor of the module": """
        x = torch.rand(4, 1, 18, 18)

        def run():
            Net()(x)

        run()
    """,
    "data parallel": "model = nn.DataParallel(Net())\nmodel(torch.rand(2, 1, 17, 17))",
    "the loop over layers": """
        model = nn.Sequential(nn.Conv2d(1, 4, 3, 2), nn.BatchNorm2d(4), nn.MaxPool2d(3, 2, 1))
        x = torch.rand((1, 1, 30, 30))
        for layer in model:
            x = layer(x)
    """,
    "the loop by numbers": """
        model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Conv2d(4, 4, 3))
        x = torch.rand((1, 1, 30, 30))
        for index in range(len(model)):
            x = model[index](x)
    """,
    "torchinfo": "from torchinfo import summary\nsummary(Net(), (3, 1, 28, 20))",
    "torchinfo by name": "import torchinfo\ntorchinfo.summary(Net(), input_size=(3, 1, 28, 20))",
    "torchinfo, several": "import torchinfo\ntorchinfo.summary(Net(), input_size=[(3, 1, 28, 20), (3, 2)])",
    "torchinfo, data": "import torchinfo\ntorchinfo.summary(Net(), input_data=torch.rand(3, 1, 14, 14))",
    "torchinfo, named data": "import torchinfo\ntorchinfo.summary(Net(), input_data={'x': torch.rand(3, 1, 14, 14)})",
    "torchinfo, batch_dim": "import torchinfo\ntorchinfo.summary(Net(), (1, 22, 22), batch_dim=0)",
    "torchsummary": "from torchsummary import summary\nsummary(Net().cpu(), (1, 28, 28), device='cpu')",
    "ptflops": "import ptflops\nmacs, params = ptflops.get_model_complexity_info(Net(), (1, 28, 28))",
    "thop": "from thop import profile\nflops, params = profile(Net(), inputs=(torch.randn(1, 1, 50, 50),))",
    "fvcore": "from fvcore.nn import FlopCountAnalysis\nFlopCountAnalysis(Net(), torch.randn(1, 1, 50, 50))",
    "jit.trace": "traced = torch.jit.trace(Net(), torch.rand(2, 1, 19, 19), check_trace=False)",
    "jit.trace, a tuple": "torch.jit.trace(Net().eval(), (torch.rand(2, 1, 19, 19),), check_trace=False)",
    "a loader": MNIST + """
        loader = DataLoader(data, batch_size=4, shuffle=True)
        model = Net()
        for images, labels in loader:
            model(images)
    """,
    "a loader, enumerated": MNIST + """
        from tqdm import tqdm
        train, test = random_split(data, [8, 4])
        loader = DataLoader(train, 4)
        device = "cpu"

        def fit(model, epochs):
            for epoch in range(epochs):
                for i, (images, labels) in enumerate(tqdm(loader, desc="epoch")):
                    images, labels = images.to(device), labels.to(device)
                    model(images)

        fit(Net(), 2)
    """,
    "a loader, one batch": MNIST + "images, _ = next(iter(DataLoader(Subset(data, [0, 1, 2, 3]), 4)))\nNet()(images)",
    "a loader, a list": MNIST + "for batch in DataLoader(ConcatDataset([data, data]), 4):\n    Net()(batch[0])",
    "one sample": MNIST + "image, label = data[0]\nNet()(image.unsqueeze(0))",
    "drop_last": MNIST + "for x, y in DataLoader(data, batch_size=5, drop_last=True):\n    Net()(x)",
    "tensors": """
        data = TensorDataset(torch.rand(8, 1, 33, 33), torch.zeros(8))
        for x, y in DataLoader(data, batch_size=4):
            Net()(x)
    """,
}  # fmt: skip


def program(body: str) -> str:
    lines = body.split("\n")
    indented = [line for line in lines if line.startswith("        ")]
    head = [line for line in lines if not line.startswith("        ")]
    return IMPORTS + NET + "\n".join(head) + "\n" + textwrap.dedent("\n".join(indented)) + "\n"


@pytest.mark.parametrize("body", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_the_shapes_are_those_that_torch_sees(body: str, tmp_path: Path) -> None:
    text = program(body)
    truth = observed(text + "test_shape()\n" if "test_shape" in text else text)
    told = [each for each in built(tmp_path, text) if each.input_shape is not None][:1]
    batch = truth[0][1][0]
    assert predicted(told, batch) == truth[:3]


def test_a_batch_that_may_be_smaller_is_not_a_number(tmp_path: Path) -> None:
    text = program(PROGRAMS["a loader"])
    assert built(tmp_path, text)[0].input_shape == ("N", 1, 28, 28)
    assert built(tmp_path, program(PROGRAMS["drop_last"]))[0].input_shape == (5, 1, 28, 28)


def test_onnx_export_calls_the_model_with_its_arguments(tmp_path: Path) -> None:
    body = "torch.onnx.export(Net(), (torch.randn(1, 1, 40, 40),), 'net.onnx', input_names=['x'])"
    assert built(tmp_path, program(body))[0].input_shape == (1, 1, 40, 40)
    body = "torch.onnx.export(Net(), torch.randn(1, 1, 40, 44), 'net.onnx')"
    assert built(tmp_path, program(body))[0].input_shape == (1, 1, 40, 44)


def test_export_calls_the_model_with_its_arguments(tmp_path: Path) -> None:
    body = "torch.export.export(Net(), args=(torch.randn(1, 1, 40, 40),), kwargs={'y': torch.rand(2)})"
    assert built(tmp_path, program(body))[0].input_shape == (1, 1, 40, 40)


UNKNOWN = {
    "no ToTensor": "from torchvision import datasets\ndata = datasets.MNIST('data')",
    "a transform of the program": MNIST.replace("transforms.ToTensor()", "lambda image: image"),
    "a folder of any sizes": """
from torchvision import datasets, transforms
data = datasets.ImageFolder("data", transforms.Compose([transforms.Resize(28), transforms.ToTensor()]))
""",
    "an own collate_fn": MNIST
    + "\ndef DataLoader(data):\n    return torch.utils.data.DataLoader(data, collate_fn=len)\n",
}  # fmt: skip


@pytest.mark.parametrize("data", UNKNOWN.values(), ids=UNKNOWN.keys())
def test_what_is_not_known_stays_unknown(data: str, tmp_path: Path) -> None:
    text = IMPORTS + NET + data + "\nfor images, labels in DataLoader(data):\n    Net()(images)\n"
    for each in built(tmp_path, text):
        assert not any(isinstance(size, int) for size in (each.input_shape or ())[2:])
