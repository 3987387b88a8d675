import torch
from torch import nn

torch.manual_seed(47)
n = 3000
X = torch.rand(n, 6) * 2 - 1
Y = torch.sin(3 * X[:, :1]) + X[:, 1:2] * X[:, 2:3] + 0.5 * X[:, 3:4] ** 2 + 0.05 * torch.randn(n, 1)
Y = (Y - Y.mean()) / Y.std()
BATCH = 3
STEPS = 2500


class Net(nn.Module):
    def __init__(self, w=48):
        super().__init__()
        self.f1, self.f2, self.f3 = nn.Linear(6, w, bias=False), nn.Linear(w, w, bias=False), nn.Linear(w, 1)
        self.b1, self.b2 = nn.BatchNorm1d(w), nn.BatchNorm1d(w)

    def forward(self, x):
        x = torch.relu(self.b1(self.f1(x)))
        x = torch.relu(self.b2(self.f2(x)))
        return self.f3(x)


net = Net()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(STEPS):
    net.train()
    ix = torch.randint(0, 2500, (BATCH,))
    loss = nn.functional.mse_loss(net(X[ix]), Y[ix])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if (step + 1) % 250 == 0:
        net.eval()
        with torch.no_grad():
            v = nn.functional.mse_loss(net(X[2500:]), Y[2500:])
        print(step + 1, "train", round(loss.item(), 4), "val", round(v.item(), 4))
