import torch
from torch import nn
from sklearn.datasets import make_regression
torch.manual_seed(12)
A, B = make_regression(2500, 12, n_informative=10, n_targets=3, noise=2.0, random_state=12)
A = torch.tensor(A).float()
B = torch.tensor(B).float()
B = (B - B.mean(0)) / B.std(0)
B = B + 0.8 * torch.sin(2 * B)

class SoilNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1 = nn.Linear(12, 64)
        self.l2 = nn.Linear(64, 64)
        self.l3 = nn.Linear(64, 3)
        nn.init.constant_(self.l1.bias, -2.5)
        nn.init.constant_(self.l2.bias, -0.6)
    def forward(self, x):
        return self.l3(torch.relu(self.l2(torch.relu(self.l1(x)))))

net = SoilNet()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for ep in range(25):
    p = torch.randperm(2000)
    for c in p.split(40):
        loss = nn.functional.mse_loss(net(A[c]), B[c])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if ep % 4 == 0:
        with torch.no_grad():
            print("epoch", ep, "train", nn.functional.mse_loss(net(A[:2000]), B[:2000]).item(), "test", nn.functional.mse_loss(net(A[2000:]), B[2000:]).item())
