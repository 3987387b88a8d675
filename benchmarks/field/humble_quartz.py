import numpy as np
import torch
import torch.nn as nn

torch.set_num_threads(1)
torch.manual_seed(10)
rng = np.random.RandomState(10)

U, V, R = 300, 200, 4
P, Q = rng.randn(U, R), rng.randn(V, R)
bu, bv = rng.randn(U) * 0.5, rng.randn(V) * 0.8
pairs = np.array([(i, j) for i in range(U) for j in range(V) if rng.rand() < 0.4])
score = (P[pairs[:, 0]] * Q[pairs[:, 1]]).sum(1) * 0.5 + bu[pairs[:, 0]] + bv[pairs[:, 1]] + 0.3 * rng.randn(len(pairs))
order = rng.permutation(len(pairs))
pairs, score = torch.tensor(pairs[order]), torch.tensor(score[order], dtype=torch.float32)
cut = int(0.85 * len(pairs))


class Factoriser(nn.Module):
    def __init__(self, k=6):
        super().__init__()
        self.user = nn.Embedding(U, k)
        self.item = nn.Embedding(V, k)
        self.user_bias = nn.Embedding(U, 1)
        self.item_bias = nn.Embedding(V, 1)
        for e in (self.user, self.item):
            nn.init.normal_(e.weight, std=0.3)
        for e in (self.user_bias, self.item_bias):
            nn.init.zeros_(e.weight)
        for e in (self.item, self.item_bias):
            e.weight.requires_grad_(False)

    def forward(self, ij):
        i, j = ij[:, 0], ij[:, 1]
        return (self.user(i) * self.item(j)).sum(1) + self.user_bias(i)[:, 0] + self.item_bias(j)[:, 0]


mf = Factoriser()
opt = torch.optim.Adagrad([p for p in mf.parameters() if p.requires_grad], lr=0.1)
for epoch in range(1, 16):
    total = 0.0
    for b in torch.randperm(cut).split(128):
        opt.zero_grad()
        loss = (mf(pairs[b]) - score[b]).pow(2).mean()
        loss.backward()
        opt.step()
        total += loss.item() * len(b)
    with torch.no_grad():
        rmse = (mf(pairs[cut:]) - score[cut:]).pow(2).mean().sqrt().item()
    print(f"epoch {epoch}: train mse {total / cut:.3f}, held-out rmse {rmse:.3f}")
