"""The small modules that a port brings along where torch.nn has none that computes the same, as source."""

from __future__ import annotations

from collections.abc import Mapping

HELPERS: Mapping[str, str] = {
    "Permute": '''class Permute(nn.Module):
    """The axes of a tensor in another order."""

    def __init__(self, *dims: int) -> None:
        super().__init__()
        self.dims = dims

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.permute(self.dims)
''',
    "Average": '''class Average(nn.Module):
    """An average pool that leaves its padding out of the mean, also where the padding is not the same on both sides."""

    def __init__(self, pool: nn.Module, padding: tuple[int, ...]) -> None:
        super().__init__()
        self.pool = pool
        self.padding = padding

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        inside = nn.functional.pad(torch.ones_like(x), self.padding)
        return self.pool(nn.functional.pad(x, self.padding)) / self.pool(inside)
''',
    "Repeat": '''class Repeat(nn.Module):
    """(N, features) -> (N, times, features)"""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.unsqueeze(1).expand(-1, self.times, -1)
''',
    "Flip": '''class Flip(nn.Module):
    """The last step first."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.flip(1)
''',
    "AllSteps": '''class AllSteps(nn.Module):
    """Of what a recurrent layer gives, the output at each step."""

    def forward(self, given: tuple[torch.Tensor, object]) -> torch.Tensor:
        return given[0]
''',
    "LastStep": '''class LastStep(nn.Module):
    """Of what a recurrent layer gives, the output at the last step."""

    def forward(self, given: tuple[torch.Tensor, object]) -> torch.Tensor:
        return given[0][:, -1]
''',
    "BothEnds": '''class BothEnds(nn.Module):
    """Of what a bidirectional layer gives, the output at the last step forward and at the last step backward."""

    def forward(self, given: tuple[torch.Tensor, object]) -> torch.Tensor:
        forward, backward = given[0].chunk(2, dim=-1)
        return torch.cat([forward[:, -1], backward[:, 0]], dim=-1)
''',
    "EachStep": '''class EachStep(nn.Module):
    """Another module at each step: (N, steps, ...) goes through it as (N * steps, ...)."""

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.module = module

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.module(x.flatten(0, 1)).unflatten(0, x.shape[:2])
''',
    "Slopes": '''class Slopes(nn.Module):
    """max(0, x) + weight * min(0, x), with a weight for each element of this shape."""

    def __init__(self, *shape: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(shape))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.where(x > 0, x, self.weight * x)
''',
    "Exp": '''class Exp(nn.Module):
    """e ** x"""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.exp()
''',
    "Scale": '''class Scale(nn.Module):
    """x * scale + offset"""

    def __init__(self, scale: float, offset: float) -> None:
        super().__init__()
        self.scale = scale
        self.offset = offset

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.scale + self.offset
''',
    "UnitLength": '''class UnitLength(nn.Module):
    """Vectors along one axis, of length 1."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return nn.functional.normalize(x, dim=self.dim)
''',
    "Noise": '''class Noise(nn.Module):
    """Normal noise, while training: added, or as factors around 1."""

    def __init__(self, deviation: float, factors: bool = False) -> None:
        super().__init__()
        self.deviation = deviation
        self.factors = factors

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return x
        noise = self.deviation * torch.randn_like(x)
        return x * (1 + noise) if self.factors else x + noise
''',
}
"""By the class's name, in the order in which they are written."""
