import torch, math
torch.manual_seed(8)
n = 300
t = torch.rand(n) * 2.2 * math.pi + 0.6
side = torch.randint(0, 2, (n,))
ang = t + math.pi * side
pts = torch.stack([t * ang.cos(), t * ang.sin()], 1) / 4 + 0.03 * torch.randn(n, 2)
lab = side.float()
train, test = slice(0, 200), slice(200, 300)

H = 48
W1 = torch.full((2, H), 0.5)
b1 = torch.zeros(H)
W2 = torch.full((H, H), 0.1)
b2 = torch.zeros(H)
W3 = torch.full((H,), 0.1)
b3 = torch.zeros(1)
params = [W1, b1, W2, b2, W3, b3]
for p in params:
    p.requires_grad_(True)
vel = [torch.zeros_like(p) for p in params]


def logit(x):
    h = torch.tanh(x @ W1 + b1)
    h = torch.tanh(h @ W2 + b2)
    return h @ W3 + b3


lr, mu = 0.03, 0.9
for step in range(1, 6001):
    loss = torch.nn.functional.binary_cross_entropy_with_logits(logit(pts[train]), lab[train])
    grads = torch.autograd.grad(loss, params)
    with torch.no_grad():
        for p, v, gr in zip(params, vel, grads):
            v.mul_(mu).add_(gr)
            p -= lr * v
    if step % 1000 == 0:
        with torch.no_grad():
            acc = ((logit(pts[test]) > 0).float() == lab[test]).float().mean()
        print("step %d loss %.4f test acc %.3f" % (step, loss, acc))
