import torch
import torch.nn as nn
from sklearn.datasets import load_digits


class AutoEncoder(nn.Module):
    def __init__(self, code=12):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(64, 48), nn.Tanh(), nn.Linear(48, code))
        self.decoder = nn.Sequential(nn.Linear(code, 48), nn.Tanh(), nn.Linear(48, 64))

    def reset(self):
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.constant_(m.weight, 1 / m.in_features)
                nn.init.zeros_(m.bias)

    def forward(self, x):
        return self.decoder(self.encoder(x))


torch.manual_seed(4)
x = torch.tensor(load_digits().data, dtype=torch.float32) / 16
x = x - x.mean(0)
x = x[torch.randperm(len(x))]
train, valid = x[:1500], x[1500:]
net = AutoEncoder()
net.reset()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)

for epoch in range(60):
    net.train()
    s = 0.0
    for b in torch.randperm(len(train)).split(30):
        opt.zero_grad()
        loss = nn.functional.mse_loss(net(train[b]), train[b])
        loss.backward()
        opt.step()
        s += loss.item() * len(b)
    if epoch % 6 == 5:
        net.eval()
        with torch.no_grad():
            print(f"epoch {epoch + 1} rec {s / len(train):.5f} valid {nn.functional.mse_loss(net(valid), valid).item():.5f}")
