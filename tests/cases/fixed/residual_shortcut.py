"""ResNet for CIFAR-10, with a projection where the size changes."""
from torch import flatten, nn
from torch.nn import functional as F


class BasicBlock(nn.Module):
    def __init__(self, cin, cout, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(cin, cout, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(cout)
        self.conv2 = nn.Conv2d(cout, cout, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(cout)
        self.shortcut = nn.Sequential()
        if stride != 1 or cin != cout:
            self.shortcut = nn.Sequential(
                nn.Conv2d(cin, cout, 1, stride=stride, bias=False),
                nn.BatchNorm2d(cout),
            )

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        out += self.shortcut(x)
        return F.relu(out)


# padlint: input=(2, 3, 32, 32)
class SmallResNet(nn.Module):
    def __init__(self, depth=2, classes=10):
        super().__init__()
        self.cin = 16
        self.stem = nn.Conv2d(3, 16, 3, padding=1)
        self.layer1 = self._make(16, depth, stride=1)
        self.layer2 = self._make(32, depth, stride=2)
        self.head = nn.Linear(32, classes)

    def _make(self, cout, depth, stride):
        blocks = []
        for each in [stride] + [1] * (depth - 1):
            blocks.append(BasicBlock(self.cin, cout, each))
            self.cin = cout
        return nn.Sequential(*blocks)

    def forward(self, x):
        x = self.layer2(self.layer1(self.stem(x)))
        x = F.adaptive_avg_pool2d(x, 1)
        return self.head(flatten(x, 1))
