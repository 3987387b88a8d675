import torch
import torch.nn as nn

torch.manual_seed(59)
X = torch.randn(5000, 10)
w = torch.randn(10)
clean = torch.tanh(X @ w / 2)
y = clean + 0.8 * torch.randn(5000)
net = nn.Sequential(nn.Linear(10, 40), nn.Tanh(), nn.Linear(40, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.05)
B = 1
seen = 0
for epoch in range(3):
    for i in torch.randperm(4500).split(B):
        loss = ((net(X[i])[:, 0] - y[i]) ** 2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        seen += len(i)
        if seen % 900 == 0:
            print(seen, "examples, loss", round(loss.item(), 4))
with torch.no_grad():
    f = net(X[4500:])[:, 0]
print("held out mse", round(((f - y[4500:]) ** 2).mean().item(), 4), "against the clean curve", round(((f - clean[4500:]) ** 2).mean().item(), 4))
