import torch

torch.manual_seed(68)
P, N = 400, 1500
beta = torch.zeros(P)
beta[:15] = torch.randn(15) * 1.2
X = torch.randn(N + 1000, P)
y = (torch.sigmoid(X @ beta) > torch.rand(N + 1000)).float()
lin = torch.nn.Linear(P, 1)
torch.nn.init.zeros_(lin.weight)
torch.nn.init.zeros_(lin.bias)
opt = torch.optim.AdamW(lin.parameters(), lr=2e-3, weight_decay=2.0)
bce = torch.nn.functional.binary_cross_entropy_with_logits
for step in range(1200):
    b = torch.randint(0, N, (100,))
    loss = bce(lin(X[b])[:, 0], y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 200 == 0:
        print(step, loss.item())
with torch.no_grad():
    z = lin(X[N:])[:, 0]
    print("test loss %.4f accuracy %.4f" % (bce(z, y[N:]), ((z > 0).float() == y[N:]).float().mean()))
