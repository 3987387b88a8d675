import torch
import torch.nn as nn
from torch.utils.data import Dataset, DataLoader

torch.manual_seed(33)


class Beats(Dataset):
    """four kinds of pulse at a random place in a noisy window of 64 samples"""

    def __init__(self, n):
        t = torch.arange(64).float()
        self.y = torch.randint(0, 4, (n,))
        c = torch.rand(n, 1) * 32 + 16
        z = (t[None] - c) / 4
        g = torch.exp(-z ** 2)
        shapes = torch.stack([g, -g, z * g * 1.5, torch.cos(2.5 * z) * g], 1)
        self.x = shapes[torch.arange(n), self.y] + 0.2 * torch.randn(n, 64)

    def __len__(self):
        return len(self.y)

    def __getitem__(self, i):
        return self.x[i].unsqueeze(0), self.y[i]


class Net1d(nn.Module):
    def __init__(self, c=16):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv1d(1, c, 7, stride=2, padding=3), nn.GroupNorm(4, c), nn.ReLU(),
            nn.Conv1d(c, c * 2, 5, stride=2, padding=2), nn.GroupNorm(4, c * 2), nn.ReLU())
        self.classifier = nn.Linear(c * 2, 4)

    def forward(self, x):
        return self.classifier(self.features(x).amax(-1))


loader = DataLoader(Beats(2400), batch_size=4, shuffle=True)
test = Beats(500)
net = Net1d()
optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
criterion = nn.CrossEntropyLoss()
ACCUM = 4
for epoch in range(4):
    optimizer.zero_grad()
    for i, (x, y) in enumerate(loader):
        loss = criterion(net(x), y) / ACCUM
        loss.backward()
        if (i + 1) % ACCUM == 0:
            optimizer.step()
            optimizer.zero_grad()
        if i % 200 == 0:
            print(f"epoch {epoch} iter {i} loss {loss.item() * ACCUM:.4f}")
with torch.no_grad():
    out = net(test.x.unsqueeze(1))
print("test acc", (out.argmax(1) == test.y).float().mean().item(), "loss", criterion(out, test.y).item())
