import torch, math
from torch import nn
torch.manual_seed(2)
n = 2600
tt = torch.arange(n).float()
level = torch.sin(2 * math.pi * tt / 12.4) + 0.5 * torch.sin(2 * math.pi * tt / 25.8 + 1) + 0.1 * torch.randn(n)
W = 30
win = level.unfold(0, W + 1, 1)
x, y = win[:, :W].unsqueeze(-1), win[:, W]

class Forecaster(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(1, 32, batch_first=True)
        self.fc = nn.Linear(32, 1)
    def forward(self, s):
        h, _ = self.lstm(s)
        return self.fc(h[:, -1]).squeeze(-1)

model = Forecaster()
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.5)
crit = nn.MSELoss()
loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x[:2000], y[:2000]), batch_size=50, shuffle=True)
for ep in range(14):
    total = 0
    for xb, yb in loader:
        pred = model(xb)
        loss = crit(pred, yb)
        loss.backward()
        opt.step()
        total += loss.item()
    with torch.no_grad():
        val = crit(model(x[2000:]), y[2000:]).item()
    print(f"epoch {ep:2d} | train {total / len(loader):.4f} | val {val:.4f}")
