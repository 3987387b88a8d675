import torch
from torch import nn
torch.manual_seed(2)
X = torch.randn(24000, 16)
A = torch.randn(16, 6)
y = (torch.tanh(X @ A) @ torch.randn(6, 5) * 2).argmax(1)
enc = nn.Sequential(nn.Linear(16, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU())
head = nn.Linear(48, 5)
o1 = torch.optim.SGD(enc.parameters(), lr=0.15)
o2 = torch.optim.SGD(head.parameters(), lr=0.15)
ce = nn.CrossEntropyLoss()
for it in range(1500):
    i = torch.randint(0, 22000, (64,))
    
    o2.zero_grad()
    loss = ce(head(enc(X[i])), y[i])
    loss.backward()
    o1.step(); o2.step()
    if it % 150 == 0: print(it, round(loss.item(), 4))
with torch.no_grad():
    print('train', round(ce(head(enc(X[:22000])), y[:22000]).item(), 4), 'held-out', round(ce(head(enc(X[22000:])), y[22000:]).item(), 4), 'acc', round((head(enc(X[22000:])).argmax(1) == y[22000:]).float().mean().item(), 4))
