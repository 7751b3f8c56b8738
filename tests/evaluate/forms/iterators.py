"""Iterators give each item once."""

from __future__ import annotations

FORMS: dict[str, str] = {
    "an iterator asked for its next": """
def build():
    it = iter([nn.ReLU(), nn.Tanh(), nn.GELU(), nn.ELU()])
    a = next(it)
    b = next(it)
    rest = [m for m in it]
    ws = iter([1, 2, 3, 4, 5, 6])
    pairs = [nn.Linear(i, o) for i, o in zip(ws, ws)]
    return nn.Sequential(*rest, b, a, *pairs)
""",
    "two loops over one iterator": """
def build():
    ws = iter([1, 2, 3, 4, 5])
    xs = []
    for w in ws:
        xs.append(nn.Linear(w, 1))
        if w == 2:
            break
    for w in ws:
        xs.append(nn.Linear(w, 2))
    return nn.Sequential(*xs)
""",
    "what gives its items once": """
def build():
    ms = map(lambda k: nn.Linear(k, k), [1, 2])
    zs = zip([1, 2], [3, 4])
    es = enumerate([nn.ReLU(), nn.Tanh()])
    gs = (nn.Linear(k, 1) for k in (7, 8))
    xs = [*ms, *ms, *[nn.Linear(*z) for z in zs], *[nn.Linear(*z) for z in zs], *[m for _, m in es], *[m for _, m in es], *gs, *gs]
    return nn.Sequential(*xs)
""",
    "a generator asked for its next": """
def blocks(n):
    c = 1
    for i in range(n):
        yield nn.Linear(c, c * 2)
        c *= 2
        if i % 2:
            yield nn.ReLU()
    yield from (nn.Tanh() for _ in range(2))
def build():
    g = blocks(3)
    first = next(g)
    rest = list(g)
    return nn.Sequential(*rest, first, *g)
""",
    "a name bound in a comprehension, and after it": """
def build():
    k = 1
    ys = [k for n in range(4) if (k := n * 2 + 1) < 6]
    return nn.Sequential(*[nn.Linear(y, 1) for y in ys], nn.Linear(k, 2))
""",
}
