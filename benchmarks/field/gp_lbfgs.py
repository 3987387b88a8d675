import math
import torch

torch.manual_seed(55)
torch.set_default_dtype(torch.float64)
n = 120
x = torch.rand(n, 2) * 4 - 2
f = torch.sin(2 * x[:, 0]) + 0.5 * torch.cos(3 * x[:, 1])
y = f + 0.15 * torch.randn(n)
xt = torch.rand(200, 2) * 4 - 2
ft = torch.sin(2 * xt[:, 0]) + 0.5 * torch.cos(3 * xt[:, 1])
log_len = torch.zeros(2, requires_grad=True)
log_amp = torch.zeros((), requires_grad=True)
log_noise = torch.tensor(-1.0, requires_grad=True)


def kernel(a, b):
    d = (a[:, None] - b[None]) / log_len.exp()
    return (2 * log_amp).exp() * torch.exp(-0.5 * d.pow(2).sum(-1))


def chol():
    return torch.linalg.cholesky(kernel(x, x) + ((2 * log_noise).exp() + 1e-6) * torch.eye(n))


def nlml():
    Lc = chol()
    a = torch.cholesky_solve(y[:, None], Lc)[:, 0]
    return (0.5 * y @ a + Lc.diagonal().log().sum() + 0.5 * n * math.log(2 * math.pi)) / n


opt = torch.optim.LBFGS([log_len, log_amp, log_noise], lr=0.1, max_iter=5, history_size=5)


def closure():
    opt.zero_grad()
    loss = nlml()
    loss.backward()
    return loss


for k in range(60):
    loss = opt.step(closure)
    if k % 6 == 5:
        with torch.no_grad():
            m = kernel(xt, x) @ torch.cholesky_solve(y[:, None], chol())[:, 0]
            print(f'{k + 1} nlml {loss.item():.5f} test rmse {(m - ft).pow(2).mean().sqrt().item():.4f} noise {log_noise.exp().item():.3f}')
