import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(97)
X, y = load_digits(return_X_y=True)
X = (torch.tensor(X, dtype=torch.float32) - 4.88) / 6.02
y = torch.tensor(y)
shuffle = torch.randperm(len(y))
X, y = X[shuffle], y[shuffle]
act = nn.Sigmoid
blocks = [nn.Linear(64, 40), act()]
for _ in range(8):
    blocks.extend([nn.Linear(40, 40), act()])
blocks.append(nn.Linear(40, 10))
net = nn.Sequential(*blocks)
for m in net:
    if isinstance(m, nn.Linear):
        nn.init.xavier_normal_(m.weight)
        nn.init.zeros_(m.bias)
optim = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
for epoch in range(25):
    for i in range(0, 1400, 50):
        loss = nn.functional.cross_entropy(net(X[i:i + 50]), y[i:i + 50])
        optim.zero_grad()
        loss.backward()
        optim.step()
    if epoch % 3 == 0:
        print('epoch', epoch, 'loss', loss.item())
with torch.no_grad():
    out = net(X[1400:])
    print('test', nn.functional.cross_entropy(out, y[1400:]).item(), 'acc', (out.argmax(1) == y[1400:]).float().mean().item())
