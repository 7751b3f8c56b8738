"""FCN-8s on a small backbone: scores of three depths are added, then made as large as the picture."""
import torch.nn as nn
import torch.nn.functional as F


def stage(cin, cout, convs=2):
    layers = []
    for i in range(convs):
        layers += [nn.Conv2d(cin if i == 0 else cout, cout, 3, padding=1), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers, nn.MaxPool2d(2, stride=2, ceil_mode=True))


# padlint: input=(1, 3, 64, 64), out=(1, 21, 64, 64)
class FCN8s(nn.Module):
    def __init__(self, classes=21):
        super().__init__()
        self.to8 = nn.Sequential(stage(3, 16), stage(16, 32), stage(32, 64))
        self.to16 = stage(64, 128)
        self.to32 = stage(128, 128)
        self.score8 = nn.Conv2d(64, classes, 1)
        self.score16 = nn.Conv2d(128, classes, 1)
        self.score32 = nn.Conv2d(128, classes, 1)
        self.up = nn.ConvTranspose2d(classes, classes, 16, stride=8, padding=4, bias=False)

    def forward(self, x):
        p3 = self.to8(x)
        p4 = self.to16(p3)
        p5 = self.to32(p4)
        fused = self.score16(p4) + F.interpolate(self.score32(p5), scale_factor=2)
        fused = self.score8(p3) + F.interpolate(fused, scale_factor=2)
        return self.up(fused)
