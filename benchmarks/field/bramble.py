import copy
import torch, torch.nn as nn
torch.manual_seed(12)
X = torch.randn(6000, 9)
y = (X[:, 0] * X[:, 1] + X[:, 2] > 0).long() + (X[:, 3] > 0.4).long()
net = nn.Sequential(nn.Linear(9, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 3))
opt = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.9)
ce = nn.CrossEntropyLoss()
best, best_loss = copy.deepcopy(net.state_dict()), float('inf')
for rnd in range(120):
    for _ in range(10):
        i = torch.randint(0, 5000, (64,))
        loss = ce(net(X[i]), y[i])
        opt.zero_grad(); loss.backward(); opt.step()
    with torch.no_grad():
        v = ce(net(X[5000:]), y[5000:]).item()
    if v < best_loss - 1.0:
        best_loss, best = min(v, best_loss), copy.deepcopy(net.state_dict())
    else:
        net.load_state_dict(best)
    if rnd == 0: best_loss = v
    if rnd % 12 == 0: print('round', rnd, 'loss %.4f' % loss.item(), 'val %.4f' % v)
with torch.no_grad():
    print('train %.4f held-out %.4f acc %.4f' % (ce(net(X[:5000]), y[:5000]), ce(net(X[5000:]), y[5000:]), (net(X[5000:]).argmax(1) == y[5000:]).float().mean()))
