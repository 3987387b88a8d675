import torch
import torch.nn as nn
from torch.utils.data import Dataset, DataLoader

torch.manual_seed(69)


class Noisy(Dataset):
    def __init__(self, n, seed):
        g = torch.Generator().manual_seed(seed)
        self.x = torch.randn(n, 12, generator=g)
        clean = torch.sin(self.x[:, 0] * 1.5) + 0.5 * self.x[:, 1] * self.x[:, 2] + 0.3 * self.x[:, 3]
        self.clean = clean[:, None]
        self.y = self.clean + 1.5 * torch.randn(n, 1, generator=g)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


tr, te = Noisy(40000, 1), Noisy(3000, 2)
net = nn.Sequential(nn.Linear(12, 64), nn.SiLU(), nn.Linear(64, 64), nn.SiLU(), nn.Linear(64, 1))
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
sampler = torch.utils.data.RandomSampler(tr, replacement=True, num_samples=2 * 3000)
loader = DataLoader(tr, batch_size=2, sampler=sampler)
for xb, yb in loader:
    loss = nn.functional.mse_loss(net(xb), yb)
    opt.zero_grad()
    loss.backward()
    opt.step()
with torch.no_grad():
    print('train mse', nn.functional.mse_loss(net(tr.x), tr.y).item(), 'test error against noise-free target', nn.functional.mse_loss(net(te.x), te.clean).item())
