import torch
import torch.nn as nn

torch.manual_seed(257)
X, Y = [], []
for w in open('data/names.txt').read().split()[::4]:
    s = '``' + w + '`'
    for a, b, c in zip(s, s[1:], s[2:]):
        X.append((ord(a) - 96, ord(b) - 96))
        Y.append(ord(c) - 96)
X, Y = torch.tensor(X), torch.tensor(Y)
p = torch.randperm(len(X))
X, Y = X[p], Y[p]
n = int(len(X) * 0.9)


class Trigram(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(54, 64)
        self.fc2 = nn.Linear(64, 27)

    def forward(self, x):
        x = nn.functional.one_hot(x, 27).float().flatten(1)
        return self.fc2(torch.tanh(self.fc1(x)))


model = Trigram()
decay, rest = [model.fc1.weight, model.fc2.weight], [model.fc1.bias, model.fc2.bias]
opt = torch.optim.SGD([{'params': decay, 'weight_decay': 0.1}, {'params': rest, 'weight_decay': 0.0}], lr=0.1, momentum=0.9)
for step in range(1500):
    b = torch.randint(0, n, (64,))
    loss = nn.functional.cross_entropy(model(X[b]), Y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    print('dev', round(nn.functional.cross_entropy(model(X[n:]), Y[n:]).item(), 4))
