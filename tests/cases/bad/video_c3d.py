"""C3D for clips of 16 frames, narrow."""
import torch.nn as nn


# padlint: input=(2, 3, 16, 112, 112)
class C3D(nn.Module):
    def __init__(self, num_classes=101):
        super().__init__()
        w = [8, 16, 16, 32]
        self.features = nn.Sequential()
        self.features.add_module("conv1", nn.Conv3d(3, w[0], kernel_size=3, padding=1))
        self.features.add_module("pool1", nn.MaxPool3d(kernel_size=(1, 2, 2), stride=(1, 2, 2)))
        self.features.add_module("conv2", nn.Conv3d(w[0], w[1], kernel_size=3, padding=1))
        self.features.add_module("pool2", nn.MaxPool3d(kernel_size=2, stride=2))
        self.features.add_module("conv3", nn.Conv3d(w[1], w[2], kernel_size=3, padding=1))
        self.features.add_module("pool3", nn.MaxPool3d(kernel_size=2, stride=2))
        self.features.add_module("conv4", nn.Conv3d(w[2], w[3], kernel_size=3, padding=1))
        self.features.add_module("pool4", nn.MaxPool3d(kernel_size=2, stride=2))
        self.features.add_module("conv5", nn.Conv3d(w[3], w[3], kernel_size=3, padding=1))
        self.features.add_module("pool5", nn.MaxPool3d(kernel_size=2, stride=2))
        self.fc6 = nn.Linear(w[3] * 1 * 4 * 4, 64)
        self.fc7 = nn.Linear(64, num_classes)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = self.features(x)
        x = x.view(x.size(0), -1)
        return self.fc7(self.relu(self.fc6(x)))
