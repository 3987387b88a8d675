import torch
import torch.nn as nn
from torch.utils.data import Dataset, DataLoader

class LabResults(Dataset):
    """patients with 12 inputs and 5 lab values, most of which were not measured"""
    def __init__(self, n, seed):
        g = torch.Generator().manual_seed(seed)
        self.x = torch.randn(n, 12, generator=g)
        w = torch.randn(12, 5, generator=torch.Generator().manual_seed(1)) / 3
        self.y = torch.tanh(self.x @ w) + 0.3 * (self.x[:, :5] * self.x[:, 5:10]) + 0.1 * torch.randn(n, 5, generator=g)
        rare = torch.tensor([0.8, 0.6, 0.5, 0.3, 0.14])
        self.m = (torch.rand(n, 5, generator=g) < rare).float()
    def __len__(self):
        return len(self.x)
    def __getitem__(self, i):
        return self.x[i], self.y[i], self.m[i]

def masked_mse(pred, y, m):
    per_target = ((pred - y) ** 2 * m).sum(0) / m.sum(0)
    return per_target.mean()

torch.manual_seed(0)
dl = DataLoader(LabResults(3000, 5), batch_size=40, shuffle=True)
held = LabResults(1000, 6)
model = nn.Sequential(nn.Linear(12, 64), nn.ELU(), nn.Linear(64, 64), nn.ELU(), nn.Linear(64, 5))
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(60):
    last = []
    for x, y, m in dl:
        loss = masked_mse(model(x), y, m)
        opt.zero_grad()
        loss.backward()
        opt.step()
        last.append(loss.item())
    with torch.no_grad():
        v = masked_mse(model(held.x), held.y, held.m).item()
    if epoch % 6 == 0:
        print('epoch', epoch, 'train', sum(last) / len(last), 'held-out', v)
