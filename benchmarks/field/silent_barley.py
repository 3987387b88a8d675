import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import make_friedman3

torch.set_num_threads(1)
torch.manual_seed(91)
X, y = make_friedman3(5000, noise=0.05, random_state=5)
X = (X - X.mean(0)) / X.std(0)
y = (y - y.mean()) / y.std()
X, y = torch.tensor(X).float(), torch.tensor(y).float()


class SigmoidNet(nn.Module):
    gain = 14.0

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(4, 40)
        self.second = nn.Linear(40, 40)
        self.last = nn.Linear(40, 1)
        nn.init.xavier_normal_(self.first.weight, gain=self.gain)
        nn.init.xavier_normal_(self.second.weight, gain=self.gain)

    def forward(self, x):
        x = torch.sigmoid(self.first(x))
        x = torch.sigmoid(self.second(x))
        return self.last(x)[:, 0]


net = SigmoidNet()
opt = torch.optim.RMSprop(net.parameters(), lr=1e-3, alpha=0.95)
for epoch in range(50):
    m = []
    for b in np.array_split(np.random.RandomState(epoch).permutation(4000), 80):
        loss = nn.functional.l1_loss(net(X[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        m.append(loss.item())
    if epoch % 5 == 4:
        with torch.no_grad():
            print(epoch + 1, f'train mae {np.mean(m):.4f}', f'valid mae {nn.functional.l1_loss(net(X[4000:]), y[4000:]).item():.4f}')
