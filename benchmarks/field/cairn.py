import torch
torch.manual_seed(4)
K, T, H = 8, 16, 48
Wx = torch.randn(K, H) * 0.6
Wh = torch.nn.init.orthogonal_(torch.empty(H, H)) * 0.45
b = torch.zeros(H)
Wo = torch.randn(H, K) * 0.1
ps = [Wx, Wh, b, Wo]
for p in ps: p.requires_grad_()
def gen(n):
    s = torch.randint(0, K, (n, T))
    return s, s[:, 0]
def fwd(s):
    h = torch.zeros(len(s), H)
    x = torch.nn.functional.one_hot(s, K).float()
    x = torch.cat([x[:, :1], 0.1 * x[:, 1:]], 1)
    for t in range(T):
        h = torch.tanh(x[:, t] @ Wx + h @ Wh + b)
    return h @ Wo
opt = torch.optim.RMSprop(ps, lr=1e-3)
for it in range(800):
    s, y = gen(64)
    loss = torch.nn.functional.cross_entropy(fwd(s), y)
    opt.zero_grad(); loss.backward(); opt.step()
    if it % 80 == 0: print(it, '%.4f' % loss.item())
with torch.no_grad():
    a, ya = gen(1000); c, yc = gen(1000)
    print('train %.4f held-out %.4f acc %.4f' % (torch.nn.functional.cross_entropy(fwd(a), ya), torch.nn.functional.cross_entropy(fwd(c), yc), (fwd(c).argmax(1) == yc).float().mean()))
