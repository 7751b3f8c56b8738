"""Blocks of the detector."""
from torch import nn


class ConvBnAct(nn.Sequential):
    def __init__(self, cin, cout, kernel=3, stride=1):
        super().__init__(
            nn.Conv2d(cin, cout, kernel, stride, padding=kernel // 2, bias=False),
            nn.BatchNorm2d(cout),
            nn.SiLU(),
        )


class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.squeeze = ConvBnAct(width, width // 2, kernel=1)
        self.expand = ConvBnAct(width // 2, width, kernel=3)

    def forward(self, x):
        return x + self.expand(self.squeeze(x))
