import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(31)
X = torch.tensor(load_digits().data / 16.0, dtype=torch.float32)
X = (X - X.mean()) / X.std()
X = X[torch.randperm(len(X))]
train, valid = X[:1500], X[1500:]


class AutoEncoder(nn.Module):
    def __init__(self, width=64, threshold=3.0):
        super().__init__()
        self.enc = nn.Linear(64, width)
        nn.init.kaiming_normal_(self.enc.weight)
        nn.init.constant_(self.enc.bias, -threshold * 2)
        self.dec = nn.Linear(width, 64)

    def forward(self, x):
        return self.dec(torch.relu(self.enc(x)))


ae = AutoEncoder()
opt = torch.optim.SGD(ae.parameters(), lr=0.3, momentum=0.9)
for epoch in range(60):
    for xb in train[torch.randperm(len(train))].split(50):
        loss = ((ae(xb) - xb) ** 2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 15 == 0:
        print(epoch, loss.item())
with torch.no_grad():
    print('train mse', ((ae(train) - train) ** 2).mean().item(), 'valid mse', ((ae(valid) - valid) ** 2).mean().item())
