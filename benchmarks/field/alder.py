import torch
import torch.nn as nn
torch.manual_seed(3)
X = torch.randn(17000, 10)
y = ((X[:, 0] * X[:, 1] > 0).long() + 2 * (X[:, 2] + X[:, 3] > 0).long())
layers, d = [], 10
for _ in range(7):
    lin = nn.Linear(d, 48)
    nn.init.xavier_uniform_(lin.weight); nn.init.zeros_(lin.bias)
    layers += [lin, nn.Sigmoid()]
    d = 48
net = nn.Sequential(*layers, nn.Linear(48, 4))
opt = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.9)
ce = nn.CrossEntropyLoss()
for step in range(1500):
    i = torch.randint(0, 15000, (128,))
    loss = ce(net(X[i]), y[i])
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 150 == 0: print('step %d loss %.4f' % (step, loss.item()))
with torch.no_grad():
    o = net(X)
    print('train %.4f held-out %.4f acc %.4f' % (ce(o[:15000], y[:15000]), ce(o[15000:], y[15000:]), (o[15000:].argmax(1) == y[15000:]).float().mean()))
