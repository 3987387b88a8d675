import torch
import torch.nn as nn

torch.manual_seed(115)
n = 20000
X = torch.randn(n, 5)
signal = 0.8 * torch.sin(X[:, 0]) + 0.5 * X[:, 1] - 0.4 * X[:, 2].abs()
y = signal + 1.5 * torch.randn(n)
tr, te = slice(0, 16000), slice(16000, n)
net = nn.Sequential(nn.Linear(5, 24), nn.Tanh(), nn.Linear(24, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.9)
steps = 1500
sched = torch.optim.lr_scheduler.PolynomialLR(opt, steps, power=1.0)


def mse(s):
    with torch.no_grad():
        p = net(X[s])[:, 0]
        return ((p - y[s]) ** 2).mean().item(), ((p - signal[s]) ** 2).mean().item()


print("before", mse(tr))
for step in range(steps):
    i = torch.randint(0, 16000, (256,))
    loss = ((net(X[i])[:, 0] - y[i]) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 150 == 0:
        print(step, round(loss.item(), 4))
a, b = mse(tr), mse(te)
print(f"final train mse {a[0]:.4f} test mse {b[0]:.4f} distance from the true curve {b[1]:.4f}")
