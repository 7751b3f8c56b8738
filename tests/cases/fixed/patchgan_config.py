"""PatchGAN of pix2pix: one score for every 70x70 patch."""
from dataclasses import dataclass, field

from torch import nn


@dataclass(frozen=True)
class Config:
    channels: int = 6
    widths: tuple = (16, 32, 64)
    last: int = 64
    slope: float = field(default=0.2)


def build(config: Config) -> nn.Sequential:
    layers = []
    width = config.channels
    for number, out in enumerate(config.widths):
        layers.append(nn.Conv2d(width, out, kernel_size=4, stride=2, padding=1, bias=number == 0))
        if number:
            layers.append(nn.BatchNorm2d(out))
        layers.append(nn.LeakyReLU(config.slope, inplace=True))
        width = out
    layers.extend([nn.Conv2d(width, config.last, kernel_size=4, stride=1, padding=1), nn.BatchNorm2d(config.last)])
    width = config.last
    layers.append(nn.Conv2d(width, 1, kernel_size=4, stride=1, padding=1))
    return nn.Sequential(*layers)


# padlint: input=(1, 6, 256, 256), out=(1, 1, 30, 30)
class PatchGAN(nn.Module):
    def __init__(self, config: Config = Config()):
        super().__init__()
        self.model = build(config)

    def forward(self, pair):
        return self.model(pair)
