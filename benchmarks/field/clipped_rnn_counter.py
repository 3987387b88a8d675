import torch
import torch.nn as nn

torch.manual_seed(331)
rnn = nn.RNN(1, 32, batch_first=True, nonlinearity='tanh')
head = nn.Linear(32, 1)
nn.init.orthogonal_(rnn.weight_hh_l0)
params = [*rnn.parameters(), *head.parameters()]
opt = torch.optim.RMSprop(params, lr=1e-3)


def make(n, T=20):
    x = torch.randn(n, T, 1)
    y = torch.zeros(n, T, 1)
    s = torch.zeros(n, 1)
    for t in range(T):
        s = 0.8 * s + x[:, t]
        y[:, t] = s
    return x, y


for it in range(700):
    x, y = make(32)
    loss = (head(rnn(x)[0]) - y).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(params, 0.5)
    opt.step()
    if it % 70 == 0:
        print(it, loss.item())
x, y = make(500)
with torch.no_grad():
    print('eval mse', (head(rnn(x)[0]) - y).pow(2).mean().item(), 'variance', y.var().item())
