import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(15)
N = 5000
age = torch.rand(N) * 50 + 18
hours = 20 + 40 * torch.rand(N)
edu = torch.randint(0, 12, (N,))
sector = torch.randint(0, 6, (N,))
married = (torch.rand(N) < 0.5).float()
score = -((age - 48) / 14) ** 2 + 0.06 * (hours - 40) + 0.25 * (edu - 5) + torch.tensor([0.6, -0.9, 0.2, -0.3, 1.1, -0.6])[sector] + 0.7 * married * (hours > 38)
label = (score + 0.5 * torch.randn(N) > 0.0).float()
X = torch.cat([((age - 43) / 14.4)[:, None], ((hours - 40) / 11.5)[:, None], ((edu - 5.5) / 3.4)[:, None], nn.functional.one_hot(sector, 6).float(), married[:, None]], 1)
train_set, test_set = random_split(TensorDataset(X, label), [4000, 1000], torch.Generator().manual_seed(1))


class IncomeNet(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.fc1, self.fc2, self.fc3 = nn.Linear(10, width), nn.Linear(width, width), nn.Linear(width, 1)
        nn.init.constant_(self.fc1.bias, -1.2)
        nn.init.constant_(self.fc2.bias, -0.6)

    def forward(self, x):
        return self.fc3(torch.relu(self.fc2(torch.relu(self.fc1(x)))))[:, 0]


net = IncomeNet()
opt = torch.optim.Adagrad(net.parameters(), lr=0.01)
bce = nn.BCEWithLogitsLoss()
for epoch in range(10):
    total = 0.0
    for xb, yb in DataLoader(train_set, 64, shuffle=True):
        loss = bce(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(yb)
    print("epoch", epoch, "loss", round(total / 4000, 4))
xt, yt = test_set[:]
with torch.no_grad():
    z = net(xt)
print("test loss %.4f accuracy %.4f" % (bce(z, yt), ((z > 0) == (yt > 0)).float().mean()))
