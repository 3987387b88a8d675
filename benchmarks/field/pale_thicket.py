import torch

torch.manual_seed(14)
torch.set_num_threads(1)
K, T = 16, 60


def data(n, g):
    u = torch.randn(n, T, 2, generator=g)
    s = torch.zeros(n, 2)
    ys = []
    for t in range(T):
        s = torch.stack([0.9 * s[:, 0] + 0.2 * s[:, 1] + u[:, t, 0], -0.2 * s[:, 0] + 0.85 * s[:, 1] + u[:, t, 1]], 1)
        ys.append(torch.tanh(s[:, 0] * 0.5) + 0.3 * s[:, 1])
    return u, torch.stack(ys, 1)


class SSM(torch.nn.Module):
    def __init__(self, radius):
        super().__init__()
        q, _ = torch.linalg.qr(torch.randn(K, K))
        self.A = torch.nn.Parameter(q * radius)
        self.B = torch.nn.Parameter(torch.randn(2, K) * 0.3)
        self.C = torch.nn.Sequential(torch.nn.Linear(K, 32), torch.nn.GELU(), torch.nn.Linear(32, 1))

    def forward(self, u):
        s = torch.zeros(u.shape[0], K)
        outs = []
        for t in range(u.shape[1]):
            s = s @ self.A + u[:, t] @ self.B
            outs.append(s)
        return self.C(torch.stack(outs, 1)).squeeze(-1)


gen = torch.Generator().manual_seed(0)
u, y = data(2000, gen)
uv, yv = data(400, gen)
model = SSM(1.15)
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
print('epoch   train    valid')
for epoch in range(14):
    m = 0.
    order = torch.randperm(2000, generator=gen)
    for k in range(0, 2000, 40):
        j = order[k:k + 40]
        loss = (model(u[j]) - y[j]).square().mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        m += loss.item() / 50
    with torch.no_grad():
        v = (model(uv) - yv).square().mean().item()
    print(f'{epoch:5d} {m:8.4g} {v:8.4g}')
