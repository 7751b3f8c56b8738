"""Grid reduction: two strided branches of convolutions beside a pool."""
import torch
from torch import nn


class ConvBN(nn.Module):
    def __init__(self, cin, cout, **kwargs):
        super().__init__()
        self.conv = nn.Conv2d(cin, cout, bias=False, **kwargs)
        self.bn = nn.BatchNorm2d(cout, eps=0.001)

    def forward(self, x):
        return torch.relu_(self.bn(self.conv(x)))


# padlint: input=(2, 64, 35, 35)
class Reduction(nn.Module):
    def __init__(self):
        super().__init__()
        self.b3 = ConvBN(64, 96, kernel_size=3, stride=2)
        self.dbl = nn.Sequential(
            ConvBN(64, 64, kernel_size=1),
            ConvBN(64, 96, kernel_size=3, padding=1),
            ConvBN(96, 96, kernel_size=3, stride=2),
        )
        self.pool = nn.MaxPool2d(3, stride=2)

    def forward(self, x):
        return torch.cat([self.b3(x), self.dbl(x), self.pool(x)], dim=1)
