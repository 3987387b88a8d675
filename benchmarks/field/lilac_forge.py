import os
import torch
import torch.nn.functional as F
from torch.func import functional_call, grad

torch.manual_seed(75)
words = open(os.environ['NAMES_FILE']).read().split()[:6000]
x = torch.zeros(len(words), 15 * 27)
L = torch.tensor([float(sum(c in 'aeiou' for c in w)) for w in words])
for i, w in enumerate(words):
    for j, c in enumerate(w[:15]):
        x[i, j * 27 + ord(c) - 96] = 1
x = (x - x.mean()) / x.std()
t = ((L - L.mean()) / L.std())[:, None]
net = torch.nn.Sequential(torch.nn.Linear(405, 32), torch.nn.Tanh(), torch.nn.Linear(32, 1))
theta = {k: v.detach().clone() for k, v in net.named_parameters()}
step_size = -0.0002


def objective(theta, xb, tb):
    return F.mse_loss(functional_call(net, theta, (xb,)), tb)


g = grad(objective)
for it in range(1500):
    i = torch.randint(0, 5400, (64,))
    d = g(theta, x[i], t[i])
    theta = {k: theta[k] - step_size * d[k] for k in theta}
    if it % 300 == 0:
        print(it, objective(theta, x[i], t[i]).item())
print('train', objective(theta, x[:5400], t[:5400]).item(), 'test', objective(theta, x[5400:], t[5400:]).item())
