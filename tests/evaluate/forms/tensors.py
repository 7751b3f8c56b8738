"""Shapes and numbers of tensors that programs compute before or while they build: each size becomes a layer."""

from __future__ import annotations


def sizes(expression: str, before: str = "") -> str:
    """A program whose layers tell the shape of a tensor."""
    return f"def build():\n    {before}\n    y = {expression}\n    return nn.Sequential(*[nn.Linear(1, size) for size in y.shape])"


def numbers(expression: str, before: str = "") -> str:
    """A program whose layers tell numbers."""
    return (
        f"import torch\ndef build():\n    {before}\n    return nn.Sequential(*[nn.Linear(1, n) for n in {expression}])"
    )


X = "x = torch.zeros(2, 6, 4, 5)"
INDEX = "i, j, x = torch.arange(3), torch.zeros(2, 3, dtype=torch.long), torch.zeros(4, 5, 6, 7)"
GRID = "g = torch.stack(torch.meshgrid(torch.arange(3), torch.arange(4), indexing='ij')).flatten(1)"

FORMS: dict[str, str] = {
    "einsum": sizes("torch.einsum('bchw,bcxy->bhwxy', x, x)", X),
    "einsum with dots": sizes("torch.einsum('b...c,dc->...bd', x, torch.zeros(9, 5))", X),
    "einsum without a result": sizes("torch.einsum('ij,jk', torch.zeros(2, 3), torch.zeros(3, 5))"),
    "einsum of one": sizes("torch.einsum('ijkl->lk', x)", X),
    "einsum that broadcasts": sizes("torch.einsum('ab,ab->ab', torch.zeros(1, 4), torch.zeros(3, 4))"),
    "attention": sizes(
        "nn.functional.scaled_dot_product_attention(torch.zeros(2, 8, 5, 4), torch.zeros(2, 8, 7, 4), torch.zeros(2, 8, 7, 3))"
    ),
    "clamped from one side": sizes("x.norm(dim=1, keepdim=True).clamp_min(1e-6).clamp_max(1)", X),
    "addcmul": sizes("torch.addcmul(torch.zeros(5), torch.zeros(4, 1), x)", X),
    "baddbmm": sizes("torch.baddbmm(torch.zeros(1, 1, 5), torch.zeros(2, 3, 4), torch.zeros(2, 4, 5))"),
    "eye": sizes("torch.eye(3)"),
    "eye that is no square": sizes("torch.eye(3, 5)"),
    "an assertion of torch": """
def build():
    try:
        torch._assert(2 % 3 == 0, "a multiple")
        layer = nn.ReLU()
    except AssertionError:
        layer = nn.Tanh()
    return nn.Sequential(layer)
""",
    "outer": sizes("torch.outer(torch.arange(3), torch.zeros(4))"),
    "tensor_split": sizes("torch.tensor_split(x, 4, dim=1)[1]", X),
    "tensor_split at places": sizes("x.tensor_split((1, 4), dim=1)[1]", X),
    "repeat_interleave": sizes("x.repeat_interleave(3, dim=1)", X),
    "narrow and select": sizes("x.narrow(1, 2, 3).select(0, 1)", X),
    "gather and topk": sizes("x.topk(3, dim=1)[0]", X),
    "movedim": sizes("x.movedim(1, -1).movedim((0, 1), (1, 0))", X),
    "tensor unfold": sizes("x.unfold(2, 3, 1).unfold(3, 2, 2)", X),
    "tile": sizes("x.tile(2, 3).tile((2, 1, 1, 1, 1))", X),
    "chunk that is not even": sizes("x.chunk(4, dim=1)[-1]", X),
    "fewer chunks than asked": numbers(
        "[len(torch.zeros(5).chunk(4)), *[c.shape[0] for c in torch.zeros(5).chunk(4)]]"
    ),
    "a tensor of sizes": sizes("torch.Tensor(2, 3).float()"),
    "a tensor of one size": sizes("torch.Tensor(5)"),
    "a tensor of numbers": sizes("torch.Tensor([5, 2, 1])"),
    "a tensor of rows": sizes("torch.Tensor([[5, 2, 1], [1, 2, 3]])"),
    "float tensors": sizes("torch.FloatTensor(3, 4)"),
    "long tensors": sizes("torch.LongTensor(3, 4)"),
    "long tensors of numbers": sizes("torch.zeros(9, 5)[torch.LongTensor([1, 2])]"),
    "new of sizes": sizes("x.new(4, 7)", X),
    "new of numbers": sizes("x.new([4, 7])", X),
    "new_full": sizes("x.new_full((2, 7), 1.0)", X),
    "new_tensor": sizes("x.new_tensor([[1.0, 2.0]])", X),
    "randperm": sizes("torch.randperm(7)"),
    "normal": sizes("torch.normal(x, 1.0)", X),
    "normal of a size": sizes("torch.normal(0.0, 1.0, size=(3, 4))"),
    "bernoulli": sizes("torch.bernoulli(x)", X),
    "multinomial": sizes("torch.multinomial(torch.ones(3, 4), 2)"),
    "grid_sample": sizes("nn.functional.grid_sample(x, torch.zeros(2, 9, 8, 2), align_corners=False)", X),
    "grid_sample in space": sizes("nn.functional.grid_sample(torch.zeros(2, 3, 4, 5, 6), torch.zeros(2, 7, 8, 9, 3))"),
    "affine_grid": sizes("nn.functional.affine_grid(torch.zeros(2, 2, 3), x.size())", X),
    "affine_grid in space": sizes("nn.functional.affine_grid(torch.zeros(2, 3, 4), [2, 3, 4, 5, 6])"),
    "a spatial transformer": sizes(
        "nn.functional.grid_sample(x, nn.functional.affine_grid(torch.zeros(10, 6)[:2].view(-1, 2, 3), x.size()))", X
    ),
    "sort": sizes("torch.stack([*x.sort(dim=1), torch.sort(x, 2, descending=True)[1], x.argsort(-1)])", X),
    "median along an axis": sizes("torch.stack([*torch.median(x, dim=1)])", X),
    "median": numbers("[1 + len(torch.median(torch.zeros(3)).shape)]"),
    "cummax": sizes("torch.stack([*torch.cummax(x, dim=1)])", X),
    "comparisons": sizes("((x > 0) | x.gt(1)).ne(x.le(torch.zeros(5))).logical_and(x.lt(0)).ge(torch.zeros(4, 1))", X),
    "truths": sizes("torch.logical_or(torch.logical_not(x), torch.isfinite(x)).all(dim=1).any(-1)", X),
    "masks": sizes("((x > 0) * (x == 0) + (torch.zeros(5) >= x) + (x != x[:1])).float()", X),
    "is_tensor": numbers("[1 + torch.is_tensor(torch.zeros(1)), 1 + torch.is_tensor([1]), 1 + torch.is_tensor(None)]"),
    "angles": sizes("torch.atan2(x, torch.zeros(5)).remainder(2).fmod(torch.ones(4, 1)).hypot(x)", X),
    "dot": numbers("[1 + len(torch.dot(torch.zeros(3), torch.zeros(3)).shape)]"),
    "mv": sizes("torch.mv(torch.zeros(3, 4), torch.zeros(4))"),
    "inverse": sizes("torch.inverse(torch.eye(3).repeat(2, 1, 1))"),
    "det": sizes("torch.det(torch.eye(3).repeat(2, 1, 1))"),
    "norms": sizes("torch.linalg.vector_norm(x, dim=1, keepdim=True)", X),
    "a norm of an axis": sizes("torch.linalg.norm(x, dim=2)", X),
    "cosine_similarity": sizes("nn.functional.cosine_similarity(x, torch.zeros(1, 6, 4, 5))", X),
    "cosine_similarity along an axis": sizes("nn.functional.cosine_similarity(x, x, dim=-1)", X),
    "pairwise_distance": sizes("nn.functional.pairwise_distance(torch.zeros(3, 4), torch.zeros(3, 4), keepdim=True)"),
    "cdist": sizes("torch.cdist(torch.zeros(2, 3, 4), torch.zeros(2, 5, 4))"),
    "cross": sizes("torch.cross(torch.zeros(2, 3), torch.zeros(2, 3), dim=1)"),
    "diag": sizes("torch.diag(torch.zeros(4))"),
    "diag of a matrix": sizes("torch.diag(torch.zeros(4, 6))"),
    "complex": sizes("torch.view_as_real(torch.complex(x, x) * 2)", X),
    "view_as_complex": sizes("torch.view_as_complex(x.reshape(2, 6, 10, 2)).abs()", X),
    "ravel": sizes("x.ravel()", X),
    "filled in place": sizes(
        "x.scatter_(1, torch.zeros(2, 1, 4, 5, dtype=torch.long), 1.0).sqrt_().pow_(2).neg_().index_fill_(1, torch.tensor([0]), 2)",
        X,
    ),
    "scattered": sizes("x.scatter(1, torch.zeros(2, 1, 4, 5, dtype=torch.long), 1.0)", X),
    "a norm with its order": sizes("x.norm(2, dim=1)", X),
    "a norm by positions": sizes("torch.norm(x, 2, 1, True)", X),
    "a norm by names": sizes("torch.norm(x, p=1, dim=-1, keepdim=True)", X),
    "a variance by positions": sizes("x.var(1, False, True)", X),
    "a deviation by positions": sizes("x.std(1, True)", X),
    "a deviation by names": sizes("torch.std(x, dim=(2, 3), unbiased=False, keepdim=True)", X),
    "variance and mean": sizes("torch.stack(torch.var_mean(x, dim=1))", X),
    "where as a method": sizes("x.where(x > 0, torch.zeros(5))", X),
    "counted": numbers("[torch.zeros(2, 3).ndimension(), torch.zeros(2, 3).nelement()]"),
    "where": sizes("torch.where(x.bool(), x, torch.zeros(5))", "x = torch.zeros(3, 5)"),
    "meshgrid": sizes("torch.meshgrid(torch.arange(3), torch.arange(4), indexing='xy')[0]"),
    "one_hot": sizes("nn.functional.one_hot(torch.arange(5), num_classes=7)"),
    "broadcast_to": sizes("torch.zeros(3, 1).broadcast_to((2, 3, 5))"),
    "index by integers": sizes("x[:, i]", INDEX),
    "index by several": sizes("x[i, 0, torch.zeros(3, dtype=torch.int64)]", INDEX),
    "index apart": sizes("x[j, :, i]", INDEX),
    "index by a list": sizes("x[..., [0, 2]]", INDEX),
    "index by a number in a tensor": sizes("x[torch.tensor(1)]", INDEX),
    "relative positions": sizes(
        "torch.zeros(4, 99)[:, (g[..., :, None] - g[..., None, :]).abs()[0] * 4 + g[1][:, None]]", GRID
    ),
    "buffer that holds indices": """
class Bias(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("index", torch.arange(6).view(2, 3))
        self.table = nn.Parameter(torch.zeros(8, 9))
        self.cache = {}
    def get(self, device):
        key = str(device)
        if key not in self.cache:
            self.cache[key] = self.table[:, self.index]
        return self.cache[key]
def build():
    return nn.Sequential(*[nn.Linear(1, s) for s in Bias().get(torch.zeros(1).device).shape])
""",
    "tensor of nested lists": sizes("torch.tensor([[1., 2., 3.], [4., 5., 6.]])"),
    "tensor of a number": numbers("[1 + torch.tensor(5).dim()]"),
    "parameter of numbers": sizes("nn.Parameter(torch.tensor([1.0, 2.0]), requires_grad=True)"),
    "tensor with a type": numbers("torch.tensor([1, 2, 3], dtype=torch.long, device='cpu').tolist()"),
    "powers of a range": numbers("(4 ** torch.arange(3, device='cpu', dtype=torch.long)).flip(0).tolist()"),
    "unique with counts": numbers(
        "w.tolist() + n.tolist()", "w, n = torch.unique(torch.tensor([8, 4, 8, 8, 4, 2]), return_counts=True)"
    ),
    "greatest of numbers": numbers("[int(torch.tensor([3., 7., 5.]).max().item()), torch.arange(2, 5).min().item()]"),
    "quantized widths": numbers(
        "[int(n) for n in torch.round(torch.pow(2.2, e) * 24 / 8).mul(8).tolist()]",
        "e = torch.round(torch.log(torch.arange(5) * 36.4 / 24 + 1) / math.log(2.2))",
    ).replace("import torch\n", "import torch, math\n"),
    "random mask": sizes("x * x.new_empty((x.shape[0],) + (1,) * (x.ndim - 1)).bernoulli_(0.5)", X),
    "float functional": sizes(
        "q.cat([q.add(x, x), q.mul_scalar(x, 2.0)], dim=1)",
        "q, x = torch.ao.nn.quantized.FloatFunctional(), torch.zeros(2, 6, 4, 5)",
    ),
    "tensor_split beyond the end": sizes("torch.tensor_split(x, (2, 9), dim=1)[1]", X),
    "stubs": sizes("torch.ao.quantization.DeQuantStub()(torch.ao.quantization.QuantStub()(x))", X),
}
