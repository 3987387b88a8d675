import torch

torch.manual_seed(233)
gamma, n_states = 0.95, 7
phi = torch.zeros(n_states, 8)
for i in range(6):
    phi[i, i] = 2.0
    phi[i, 7] = 1.0
phi[6, 6], phi[6, 7] = 1.0, 2.0
w = torch.nn.Parameter(0.1 * torch.randn(8))
opt = torch.optim.SGD([w], lr=0.015)


def value(s):
    return phi[s] @ w


def transitions(n):
    s = torch.randint(0, n_states, (n,))
    reward = torch.where(s == 6, 0.0, 0.1)
    return s, reward, torch.full((n,), 6)


true_value = torch.tensor([0.1] * 6 + [0.0])
for step in range(3000):
    s, r, nxt = transitions(32)
    target = r + gamma * value(nxt).detach()
    loss = (value(s) - target).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 300 == 0:
        print(step, 'td loss', round(loss.item(), 5))
with torch.no_grad():
    rmse = (value(torch.arange(7)) - true_value).pow(2).mean().sqrt()
print('last td loss', round(loss.item(), 5), 'rmse of values', round(rmse.item(), 4))
