"""Denoising auto-encoder for Fashion-MNIST: every step down has its step up."""
import torch
from torch import nn


def down(cin, cout):
    return [nn.Conv2d(cin, cout, kernel_size=3, stride=2, padding=1), nn.BatchNorm2d(cout), nn.ReLU(inplace=True)]


def up(cin, cout):
    return [
        nn.ConvTranspose2d(cin, cout, kernel_size=3, stride=2, padding=1, output_padding=1),
        nn.BatchNorm2d(cout),
        nn.ReLU(inplace=True),
    ]


# padlint: input=(4, 1, 28, 28), out=(4, 1, 28, 28)
class ConvAutoencoder(nn.Module):
    def __init__(self, base=16):
        super().__init__()
        self.encoder = nn.Sequential(*down(1, base), *down(base, base * 2))  # 28 -> 14 -> 7
        self.decoder = nn.Sequential(
            *up(base * 2, base),  # back to 14
            *up(base, base),
            nn.Conv2d(base, 1, kernel_size=1),
            nn.Sigmoid(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.decoder(self.encoder(x))
