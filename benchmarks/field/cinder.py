import torch, torch.nn as nn
torch.manual_seed(19)
class Deep(nn.Module):
    def __init__(self):
        super().__init__()
        mods, d = [], 8
        for _ in range(11):
            mods += [nn.Linear(d, 64, bias=False), nn.BatchNorm1d(64), nn.ReLU()]
            d = 64
        self.body = nn.Sequential(*mods)
        self.out = nn.Linear(64, 1)
    def forward(self, x):
        return self.out(self.body(x))
class Trainer:
    def __init__(self, model):
        self.model = model
        self.opt = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
    def predict(self, x):
        self.model.train(False)
        with torch.no_grad(): return self.model(x)
    def fit(self, x, y, xv, yv, steps):
        for s in range(steps):
            if s % 100 == 0:
                print(s, 'held-out', round(nn.functional.mse_loss(self.predict(xv), yv).item(), 4))
                
            i = torch.randint(0, len(x), (100,))
            l = nn.functional.mse_loss(self.model(x[i]), y[i])
            self.opt.zero_grad(); l.backward(); self.opt.step()
X = torch.randn(8000, 8)
Y = (X[:, 0] * X[:, 1] + torch.sin(2 * X[:, 2]) + 0.1 * torch.randn(8000))[:, None]
Y = (Y - Y.mean()) / Y.std()
t = Trainer(Deep())
t.fit(X[:7000], Y[:7000], X[7000:], Y[7000:], 1000)
print('train', round(nn.functional.mse_loss(t.predict(X[:7000]), Y[:7000]).item(), 4), 'held-out', round(nn.functional.mse_loss(t.predict(X[7000:]), Y[7000:]).item(), 4))
