import torch
torch.manual_seed(6)
T, H = 30, 48
decay = 0.85 ** torch.arange(T - 1, -1, -1.0)
def batch(n):
    x = torch.randn(n, T)
    return x.unsqueeze(-1), (x * decay).sum(1) * 0.53

Wx = torch.randn(1, H) * 0.3
Wh = torch.randn(H, H) / H ** 0.5 * 3.0
bh = torch.zeros(H)
Wo = torch.randn(H, 1) / H ** 0.5
bo = torch.zeros(1)
P = [Wx, Wh, bh, Wo, bo]
for p in P: p.requires_grad_(True)
opt = torch.optim.Adam(P, lr=2e-3)

def rnn(x):
    h = torch.zeros(x.shape[0], H)
    for t in range(T):
        h = torch.tanh(x[:, t] @ Wx + h @ Wh + bh)
    return (h @ Wo + bo).squeeze(1)

for step in range(500):
    x, y = batch(32)
    loss = ((rnn(x) - y) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 50 == 0:
        g = sum(p.grad.pow(2).sum() for p in P).sqrt()
        print(step, "loss %.4f" % loss.item(), "grad %.3g" % g.item())
with torch.no_grad():
    x, y = batch(1000)
    print("final", ((rnn(x) - y) ** 2).mean().item())
