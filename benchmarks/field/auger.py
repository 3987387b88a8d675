import torch
from torch import nn

torch.manual_seed(35)
n = 2000
ident = torch.randperm(n)
a, b, c = torch.rand(n), torch.randn(n), torch.rand(n) * 3
readings = torch.stack([a, b, c, a * c, torch.randn(n)], 1)
outcome = torch.sin(c * 2) + a * b + 0.05 * torch.randn(n)
table_x = {'id': ident, 'v': readings}
table_y = {'id': ident, 'v': outcome}
# outcome file, by id
srt = table_y['id'].argsort()
table_y = {k: v[srt] for k, v in table_y.items()}
X, Y = table_x['v'], table_y['v']
X = (X - X.mean(0)) / X.std(0)
Y = ((Y - Y.mean()) / Y.std()).unsqueeze(1)

model = nn.Sequential(nn.Linear(5, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.SGD(model.parameters(), lr=0.03, momentum=0.9)
mse = nn.MSELoss()
for epoch in range(60):
    for i in range(0, 1600, 40):
        loss = mse(model(X[i:i + 40]), Y[i:i + 40])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 12 == 11:
        with torch.no_grad():
            print(epoch + 1, 'train', mse(model(X[:1600]), Y[:1600]).item(), 'valid', mse(model(X[1600:]), Y[1600:]).item())
