"""Discriminator of a GAN on MNIST with dropout between strided convolutions."""
from collections import OrderedDict

from torch import nn


def strided(cin, cout):
    return nn.Sequential(
        OrderedDict(
            [
                ("conv", nn.Conv2d(cin, cout, kernel_size=5, stride=2, padding=2)),
                ("act", nn.LeakyReLU(0.2)),
                ("drop", nn.Dropout2d(0.3)),
            ]
        )
    )


# padlint: input=(16, 1, 28, 28)
class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(strided(1, 64), strided(64, 128))
        self.flatten = nn.Flatten()
        self.score = nn.Linear(128 * 7 * 7, 1)

    def forward(self, image):
        return self.score(self.flatten(self.features(image)))
