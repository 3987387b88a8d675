import torch
from torch import nn
from sklearn.datasets import load_digits
from sklearn.preprocessing import StandardScaler

torch.manual_seed(9)
data, target = load_digits(return_X_y=True)
data = StandardScaler().fit_transform(data)
x = torch.tensor(data, dtype=torch.float32)
t = torch.tensor(target)
order = torch.randperm(len(x))
train_i, test_i = order[:1300], order[1300:]

net = nn.Sequential(nn.Linear(64, 64), nn.Sigmoid(), nn.Linear(64, 10))
loss_fn = nn.CrossEntropyLoss()
opt = torch.optim.SGD(net.parameters(), lr=0.3)


def train_step(xb, tb):
    out = net(xb)
    loss = loss_fn(out, tb)
    loss.backward()
    opt.step()
    return loss.item()


for epoch in range(60):
    shuffled = train_i[torch.randperm(len(train_i))]
    for s in range(0, len(shuffled), 26):
        last = train_step(x[shuffled[s:s + 26]], t[shuffled[s:s + 26]])
    if epoch % 20 == 0:
        print(epoch, last)
with torch.no_grad():
    print('train loss', loss_fn(net(x[train_i]), t[train_i]).item(), 'test acc', (net(x[test_i]).argmax(1) == t[test_i]).float().mean().item())
