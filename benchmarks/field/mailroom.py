import torch, torch.nn as nn
torch.manual_seed(407)
V, N = 400, 6000
topic = torch.randint(0, 6, (N,))
base = torch.randn(6, V) * 0.9
counts = torch.poisson(torch.softmax(base, 1)[topic] * 25)
X = torch.log1p(counts); X = (X - X.mean(0)) / (X.std(0) + 1e-6)
loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(X[:5000], topic[:5000]), batch_size=2500, shuffle=True)
net = nn.Sequential(nn.Linear(V, 64), nn.Tanh(), nn.Linear(64, 6))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for e in range(30):
    for x, y in loader:
        l = nn.functional.cross_entropy(net(x), y)
        opt.zero_grad(); l.backward(); opt.step()
    if e % 4 == 1:
        with torch.no_grad():
            o = net(X[5000:]); print(e + 1, "%.4f" % l.item(), "test %.4f acc %.4f" % (nn.functional.cross_entropy(o, topic[5000:]).item(), (o.argmax(1) == topic[5000:]).float().mean().item()))
