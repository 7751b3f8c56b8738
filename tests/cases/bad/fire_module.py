"""SqueezeNet's fire module: squeeze to a few channels, expand with 1x1 and 3x3."""
import torch
import torch.nn as nn


# padlint: input=(1, 64, 55, 55)
class Fire(nn.Module):
    def __init__(self, cin: int = 64, squeeze: int = 16, e1: int = 64, e3: int = 64) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(cin, squeeze, kernel_size=1)
        self.act = nn.ReLU(inplace=True)
        self.expand1 = nn.Conv2d(squeeze, e1, kernel_size=1)
        self.expand3 = nn.Conv2d(squeeze, e3, kernel_size=3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.act(self.squeeze(x))
        return torch.cat([self.act(self.expand1(x)), self.act(self.expand3(x))], 1)
