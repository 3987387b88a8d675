import torch
import torch.nn as nn

torch.manual_seed(34)
T, H = 20, 40
rec = nn.RNN(2, H, nonlinearity="relu", batch_first=True)
head = nn.Linear(H, 1)
with torch.no_grad():
    rec.weight_hh_l0.copy_(torch.eye(H) * 1.25)
    rec.weight_ih_l0.normal_(std=0.1)
    rec.bias_hh_l0.zero_()
    rec.bias_ih_l0.zero_()
params = [*rec.parameters(), *head.parameters()]
opt = torch.optim.SGD(params, lr=0.003)


def batch(n):
    v = torch.rand(n, T)
    m = torch.zeros(n, T)
    m.scatter_(1, torch.stack([torch.randint(0, T // 2, (n,)), torch.randint(T // 2, T, (n,))], 1), 1.0)
    return torch.stack([v, m], 2), (v * m).sum(1, keepdim=True)


for it in range(2500):
    x, y = batch(50)
    loss = ((head(rec(x)[0][:, -1]) - y) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 250 == 0:
        print(it, loss.item())
with torch.no_grad():
    x, y = batch(1000)
    print("test mse", ((head(rec(x)[0][:, -1]) - y) ** 2).mean().item())
