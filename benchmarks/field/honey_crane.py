"""Learn the response of a sensor (synthetic) from eight readings."""
import numpy as np
import torch
from torch import nn

rs = np.random.RandomState(8)
R = rs.randn(4000, 8)
T = np.tanh(R[:, 0] * R[:, 1]) + 0.5 * np.cos(2 * R[:, 2]) + 0.3 * R[:, 3] - 0.2 * R[:, 4] * R[:, 5]
T = (T - T.mean()) / T.std()
R, T = torch.tensor(R, dtype=torch.float32), torch.tensor(T, dtype=torch.float32)
torch.manual_seed(8)


class Sensor(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1, self.l2, self.l3 = nn.Linear(8, 64), nn.Linear(64, 64), nn.Linear(64, 1)
        for l in (self.l1, self.l2):
            nn.init.xavier_normal_(l.weight, gain=2.0)
            nn.init.constant_(l.bias, 12.0)

    def forward(self, r):
        return self.l3(torch.sigmoid(self.l2(torch.sigmoid(self.l1(r))))).squeeze(1)


s = Sensor()
opt = torch.optim.Adam(s.parameters(), lr=5e-3)
loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(R[:3400], T[:3400]), batch_size=68, shuffle=True)
for epoch in range(30):
    tot = 0.0
    for r, t in loader:
        loss = torch.mean((s(r) - t) ** 2)
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item()
    if epoch % 3 == 2:
        with torch.no_grad():
            print(f"epoch {epoch + 1} train {tot / len(loader):.4f} test {torch.mean((s(R[3400:]) - T[3400:]) ** 2).item():.4f}")
