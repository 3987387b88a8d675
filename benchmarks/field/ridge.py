import torch, torch.nn as nn
torch.manual_seed(1)
X = torch.randn(14000, 10)
w = torch.randn(10)
Y = torch.sin(X @ w / 2) + 0.3 * X[:, 0] * X[:, 1] + 0.1 * torch.randn(14000)
Y = ((Y - Y.mean()) / Y.std())[:, None]
layers = []
sizes = [10, 64, 64, 64, 64, 64, 1]
for a, b in zip(sizes[:-1], sizes[1:]):
    lin = nn.Linear(a, b)
    nn.init.normal_(lin.weight, std=0.02)
    nn.init.zeros_(lin.bias)
    layers += [lin, nn.Tanh()]
model = nn.Sequential(*layers[:-1])
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
for step in range(1200):
    idx = torch.randint(0, 12000, (128,))
    loss = (model(X[idx]) - Y[idx]).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0:
        print(step, loss.item())
with torch.no_grad():
    print('train mse %.4f  held-out mse %.4f' % ((model(X[:12000]) - Y[:12000]).pow(2).mean(), (model(X[12000:]) - Y[12000:]).pow(2).mean()))
