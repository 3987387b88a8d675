import torch

torch.manual_seed(83)
N = 16000
x = torch.rand(N, 1) * 6 - 3
k = torch.arange(1, 9).float()
phi = torch.cat([torch.sin(k * x), torch.cos(k * x)], 1)
f = torch.where(x[:, 0] > 0, 1.0, -1.0) + 0.5 * x[:, 0]
y = f + 4.0 * torch.randn(N)
w = torch.nn.Linear(16, 1)
opt = torch.optim.SGD(w.parameters(), lr=0.1, momentum=0.9, nesterov=True)
for epoch in range(20):
    for b in torch.randperm(12000).split(1500):
        loss = (w(phi[b])[:, 0] - y[b]).square().mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 4 == 0:
        print(epoch, round(loss.item(), 4))
with torch.no_grad():
    g = w(phi[12000:])[:, 0]
    print("test mse %.4f, against the noiseless curve %.4f (its variance %.4f)" % ((g - y[12000:]).square().mean(), (g - f[12000:]).square().mean(), f.var()))
