import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(69)
d = load_digits()
ds = TensorDataset(torch.tensor(d.data / 16, dtype=torch.float32), torch.tensor(d.target))
train, test = torch.utils.data.random_split(ds, [1400, 397])


class LNNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.na = nn.Linear(64, 64), nn.LayerNorm(64)
        self.b, self.nb = nn.Linear(64, 32), nn.LayerNorm(32)
        self.c = nn.Linear(32, 10)

    def forward(self, x):
        x = torch.relu(self.na(self.a(x)))
        x = torch.relu(self.nb(self.b(x)))
        return self.c(x)


net = LNNet()
opt = torch.optim.SGD(net.parameters(), lr=0.01)
for epoch in range(6):
    seen = 0.0
    for x, y in DataLoader(train, batch_size=4, shuffle=True):
        loss = nn.functional.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        seen += loss.item()
    print("epoch", epoch, "loss", round(seen / 350, 4))
x, y = test[:]
with torch.no_grad():
    print("test accuracy", (net(x).argmax(1) == y).float().mean().item())
