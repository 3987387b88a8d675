import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import Dataset, DataLoader

torch.set_num_threads(1)
torch.manual_seed(13)


class Claims(Dataset):
    def __init__(self, n, seed):
        r = np.random.default_rng(seed)
        self.x = r.normal(size=(n, 6)).astype('float32')
        self.exposure = r.gamma(2.0, 0.5, size=n).astype('float32')
        rate = np.exp(0.4 * self.x[:, 0] - 0.6 * self.x[:, 1] * (self.x[:, 2] > 0) + 0.3 * np.sin(3 * self.x[:, 3]))
        self.k = r.poisson(rate * self.exposure).astype('float32')
        self.exposure[r.integers(0, n, 3)] = 0.0

    def __len__(self):
        return len(self.k)

    def __getitem__(self, i):
        return self.x[i], np.log(self.exposure[i]), self.k[i]


class RateNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(7, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 1))

    def forward(self, x, offset):
        return self.net(torch.cat([x, offset[:, None]], 1)).squeeze(1) + offset


np.seterr(divide='ignore')
loader = DataLoader(Claims(6000, 0), batch_size=50, shuffle=True)
model = RateNet()
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(8):
    losses = []
    for x, off, k in loader:
        log_rate = model(x, off)
        loss = (torch.exp(log_rate) - k * log_rate).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    print('epoch', epoch, 'loss', sum(losses) / len(losses), 'last', losses[-1])
