import torch

torch.manual_seed(20)
m = 2500
u = torch.rand(m, 3) * 2 - 1
rate = torch.exp(0.5 + u[:, 0] - 0.8 * u[:, 1] ** 2 + 0.6 * u[:, 2] * u[:, 0])
counts = torch.poisson(rate)
feats = torch.stack([torch.ones(m), *u.T, *(u ** 2).T, u[:, 0] * u[:, 1], u[:, 0] * u[:, 2], u[:, 1] * u[:, 2]], 1)
coef = torch.zeros(feats.shape[1], requires_grad=True)
v = torch.zeros_like(coef)


def deviance_loss(f, c):
    eta = f @ coef
    return (torch.nn.functional.softplus(eta) - c * torch.log(torch.nn.functional.softplus(eta) + 1e-8)).mean()


lr, mom = 2e-3, 0.9
for it in range(4000):
    i = torch.randint(0, 2000, (50,))
    loss = deviance_loss(feats[i], counts[i])
    (grad,) = torch.autograd.grad(loss, [coef])
    with torch.no_grad():
        v = mom * v + lr * grad
        coef += v
    if it % 500 == 0 or it == 3999:
        with torch.no_grad():
            print(f"{it:5d} loss {loss.item():.4f} held-out {deviance_loss(feats[2000:], counts[2000:]).item():.4f}")
