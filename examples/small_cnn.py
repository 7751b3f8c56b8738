"""A small classifier for 32 x 32 images with three mistakes. `padlint check examples` finds them without running it."""

from torch import nn


class SmallCNN(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        # padlint: input=(N, 3, 32, 32)
        self.features = nn.Sequential(
            nn.Conv2d(3, 32, kernel_size=5, padding=1),  # padlint: same
            nn.BatchNorm2d(32),
            nn.ReLU(inplace=True),
            nn.Conv2d(32, 64, kernel_size=3, stride=2, padding="same"),
            nn.BatchNorm2d(64),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2, padding=2),
        )
