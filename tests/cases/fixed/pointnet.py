"""PointNet: shared layers on every point, a maximum over all points, a learnt rotation in front."""
import torch
from torch import nn


class TNet(nn.Module):
    def __init__(self, k=3):
        super().__init__()
        self.k = k
        self.shared = nn.Sequential(nn.Conv1d(k, 64, 1), nn.ReLU(), nn.Conv1d(64, 128, 1), nn.ReLU())
        self.fc = nn.Sequential(nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, k * k))

    def forward(self, x):
        batch = x.size(0)
        pooled = torch.max(self.shared(x), 2, keepdim=True)[0].view(-1, 128)
        identity = torch.eye(self.k).view(1, self.k * self.k).repeat(batch, 1)
        return (self.fc(pooled) + identity).view(-1, self.k, self.k)


# padlint: input=(4, 3, 256)
class PointNet(nn.Module):
    def __init__(self, classes=40):
        super().__init__()
        self.stn = TNet(3)
        self.features = nn.Sequential(
            nn.Conv1d(3, 64, 1), nn.BatchNorm1d(64), nn.ReLU(),
            nn.Conv1d(64, 128, 1), nn.BatchNorm1d(128), nn.ReLU(), nn.Conv1d(128, 256, 1),
        )
        self.classifier = nn.Linear(256, classes)

    def forward(self, points):
        rotation = self.stn(points)
        x = torch.bmm(points.transpose(2, 1), rotation).transpose(2, 1)
        x = self.features(x)
        return self.classifier(x.max(dim=2)[0])
