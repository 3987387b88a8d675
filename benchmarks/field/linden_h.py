from sklearn.datasets import load_breast_cancer
import numpy as np
import torch

torch.manual_seed(9)
np.random.seed(9)
ds = load_breast_cancer()
X = (ds.data - ds.data.mean(0)) / ds.data.std(0)
idx = np.random.permutation(len(X))
X, y = torch.tensor(X[idx]).float(), torch.tensor(ds.target[idx]).float()
n_tr = 450

class Net(torch.nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.fc1 = torch.nn.Linear(30, 24)
        self.fc2 = torch.nn.Linear(24, 12)
        self.fc3 = torch.nn.Linear(12, 1)

    def forward(self, x):
        x = torch.nn.functional.gelu(self.fc1(x))
        x = torch.nn.functional.gelu(self.fc2(x))
        return self.fc3(x)[:, 0]

net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
crit = torch.nn.BCEWithLogitsLoss()
for epoch in range(30):
    opt.zero_grad()
    losses = []
    for k in range(0, n_tr, 10):
        l = crit(net(X[k:k + 10]), y[k:k + 10])
        l.backward()
        opt.step()
        losses.append(l.item())
    if epoch % 6 == 5:
        with torch.no_grad():
            print(epoch + 1, 'train %.4f' % np.mean(losses), 'test %.4f' % crit(net(X[n_tr:]), y[n_tr:]).item())
