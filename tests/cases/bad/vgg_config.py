"""VGG from a list, with batch normalisation."""
from torch import nn

cfgs = {"A": [16, "M", 32, "M", 64, 64, "M"], "B": [16, 16, "M", 32, 32, "M", 64, 64, "M"]}


def make_layers(cfg, batch_norm=False):
    layers = []
    in_channels = 3
    for v in cfg:
        if v == "M":
            layers += [nn.MaxPool2d(kernel_size=2, stride=2)]
        else:
            conv2d = nn.Conv2d(in_channels, v, kernel_size=3, padding=1)
            if batch_norm:
                layers += [conv2d, nn.BatchNorm2d(in_channels), nn.ReLU(inplace=True)]
            else:
                layers += [conv2d, nn.ReLU(inplace=True)]
            in_channels = v
    return nn.Sequential(*layers)


# padlint: input=(2, 3, 32, 32)
class VGG(nn.Module):
    def __init__(self, name="A", num_classes=10):
        super().__init__()
        self.features = make_layers(cfgs[name], batch_norm=True)
        self.avgpool = nn.AdaptiveAvgPool2d((2, 2))
        self.classifier = nn.Sequential(nn.Flatten(), nn.Linear(64 * 2 * 2, 128), nn.ReLU(True), nn.Linear(128, num_classes))

    def forward(self, x):
        return self.classifier(self.avgpool(self.features(x)))
