import torch
from torch import nn
torch.set_num_threads(1)
torch.manual_seed(17)
D, K, N = 40, 8, 3000
proto = torch.randn(K, D)
Z = (torch.rand(N, K) < 0.2).float()
X = Z @ proto + 0.6 * torch.randn(N, D)
X = X / X.std()

class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(D, 64)
        self.ln = nn.LayerNorm(64)
        self.fc2 = nn.Linear(64, K)
    def forward(self, x):
        h = torch.relu(self.ln(self.fc1(x)))
        return torch.sigmoid(self.fc2(h))

net = Tagger()
loss_fn = nn.BCEWithLogitsLoss()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for it in range(1000):
    i = torch.randint(0, 2500, (64,))
    loss = loss_fn(net(X[i]), Z[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 200 == 0:
        print(it, loss.item())
net.eval()
with torch.no_grad():
    o = net(X[2500:])
    hard = (o > 0.5).float()
    print("train %.4f test %.4f exact-match %.4f" % (loss_fn(net(X[:2500]), Z[:2500]), loss_fn(o, Z[2500:]), (hard == Z[2500:]).all(1).float().mean()))
