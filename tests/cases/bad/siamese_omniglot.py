"""Siamese net for one-shot learning on Omniglot: both pictures go through the same layers."""
import torch
import torch.nn as nn


# padlint: input=(4, 2, 1, 105, 105)
class Siamese(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(1, 64, 10),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),
            nn.Conv2d(64, 128, 7),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(128, 128, 4),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(128, 256, 4),
            nn.ReLU(),
        )
        self.liner = nn.Sequential(nn.Linear(6400, 128), nn.Sigmoid())
        self.out = nn.Linear(128, 1)

    def forward_one(self, x):
        x = self.conv(x)
        x = x.view(x.size()[0], -1)
        return self.liner(x)

    def forward(self, pair):
        left, right = pair[:, 0], pair[:, 1]
        distance = torch.abs(self.forward_one(left) - self.forward_one(right))
        return self.out(distance)
