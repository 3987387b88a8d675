import torch, torch.nn as nn
torch.manual_seed(5)
X = torch.randn(22000, 15)
T = nn.Sequential(nn.Linear(15, 24), nn.Tanh(), nn.Linear(24, 5))
with torch.no_grad():
    T[0].weight.mul_(3); T[2].weight.mul_(9)
    y = T(X).argmax(1)
l1, l2, l3 = nn.Linear(15, 40), nn.Linear(40, 40), nn.Linear(40, 5)
net = nn.Sequential(l1, nn.ReLU(), l2, nn.ReLU(), l3)
opt = torch.optim.SGD([
    {'params': l1.parameters(), 'lr': 0.0002},
    {'params': l2.parameters(), 'lr': 0.0002},
    {'params': l3.parameters(), 'lr': 0.1},
], momentum=0.9)
ce = nn.CrossEntropyLoss()
for step in range(2500):
    i = torch.randint(0, 20000, (128,))
    loss = ce(net(X[i]), y[i])
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 250 == 0: print(step, '%.4f' % loss.item())
with torch.no_grad():
    print('train %.4f held-out %.4f acc %.4f' % (ce(net(X[:20000]), y[:20000]), ce(net(X[20000:]), y[20000:]), (net(X[20000:]).argmax(1) == y[20000:]).float().mean()))
