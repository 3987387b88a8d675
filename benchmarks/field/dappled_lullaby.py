import torch

torch.manual_seed(26)
x = torch.rand(2000, 2) * 2 - 1
feats = torch.stack([torch.ones(2000), x[:, 0], x[:, 1], x[:, 0] ** 2, x[:, 1] ** 2, x[:, 0] * x[:, 1], x[:, 0] ** 3, x[:, 1] ** 3], 1)
true = torch.tensor([1.0, 0.8, -0.5, 0.6, -0.7, 0.9, -0.4, 0.3])
counts = torch.poisson(torch.exp(feats @ true))
beta = torch.zeros(8, requires_grad=True)
m = torch.zeros(8)


def deviance(rate, k):
    return (rate - k * torch.log(rate)).mean()


for step in range(1200):
    i = torch.randint(0, 1600, (64,))
    f, k = feats[i], counts[i]
    rate = torch.exp((f @ beta).clamp(-8, 8))
    loss = deviance(rate, k)
    beta.grad = None
    loss.backward()
    with torch.no_grad():
        m = 0.9 * m + beta.grad
        beta += 0.002 * m
    if step % 150 == 0:
        print(step, round(loss.item(), 4))
rate = torch.exp((feats[1600:] @ beta.detach()).clamp(-8, 8))
print("test loss %.4f (true coefficients %.4f)" % (deviance(rate, counts[1600:]), deviance(torch.exp(feats[1600:] @ true), counts[1600:])))
