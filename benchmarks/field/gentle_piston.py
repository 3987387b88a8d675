import torch
from torch import nn

torch.manual_seed(23)
T = 15


def make(n):
    v = torch.rand(n, T)
    flag = torch.zeros(n, T)
    for r in range(n):
        a, b = torch.randperm(T)[:2]
        flag[r, a] = flag[r, b] = 1
    return torch.stack([v, flag], -1), (v * flag).sum(1)


xtr, ytr = make(2000)
xva, yva = make(400)
encoder = nn.LSTM(2, 48, batch_first=True)
head = nn.Sequential(nn.Linear(48, 32), nn.ReLU(), nn.Linear(32, 1))
params = list(encoder.parameters()) + list(head.parameters())
opt = torch.optim.Adam(params, lr=5e-3)


def encode(x):
    out, (h, c) = encoder(x)
    return h[-1]


def run(x):
    with torch.no_grad():
        z = encode(x)
    return head(z).squeeze(1)


mse = nn.MSELoss()
for epoch in range(20):
    total = 0
    for b in torch.randperm(2000).split(50):
        opt.zero_grad()
        loss = mse(run(xtr[b]), ytr[b])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(params, 1.0)
        opt.step()
        total += loss.item() * len(b) / 2000
    with torch.no_grad():
        print(f"epoch {epoch + 1}: train mse {total:.5f}  val mse {mse(run(xva), yva).item():.5f}")
