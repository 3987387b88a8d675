import torch
torch.manual_seed(9)
torch.set_num_threads(1)
H, V, L = 32, 6, 5

def batch(n):
    s = torch.randint(0, V, (n, L))
    return torch.nn.functional.one_hot(s, V).float(), s[:, 1] * 1

Wx = torch.full((V, H), 0.1)
Wh = torch.full((H, H), 0.9 / H)
bh = torch.zeros(H)
Wo = torch.full((H, V), 0.1)
bo = torch.zeros(V)
ps = [Wx, Wh, bh, Wo, bo]
for q in ps:
    q.requires_grad_(True)

def forward(x):
    h = torch.zeros(len(x), H)
    for t in range(L):
        h = torch.tanh(x[:, t] @ Wx + h @ Wh + bh)
    return h @ Wo + bo

opt = torch.optim.Adam(ps, lr=0.004)
for k in range(1500):
    x, y = batch(64)
    loss = torch.nn.functional.cross_entropy(forward(x), y)
    opt.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(ps, 1.0)
    opt.step()
    if k % 300 == 0:
        print(k, "loss", loss.item())
x, y = batch(2000)
with torch.no_grad():
    o = forward(x)
print("train", loss.item(), "fresh", float(torch.nn.functional.cross_entropy(o, y)), "acc", float((o.argmax(1) == y).float().mean()))
