import torch
import torch.nn as nn
torch.set_num_threads(1)

class Adder(nn.Module):
    def __init__(self, h=32):
        super().__init__()
        self.gru = nn.GRU(2, h, batch_first=True)
        self.lin = nn.Linear(h, 1)
    def forward(self, x):
        return self.lin(self.gru(x)[0][:, -1]).squeeze(1)

def make(n, L=12):
    v = torch.rand(n, L)
    m = torch.zeros(n, L)
    for r in range(n):
        m[r, torch.randperm(L)[:2]] = 1
    return torch.stack([v, m], -1), (v * m).sum(1)

class Trainer:
    def __init__(self, model, data, val, lr=5e-3):
        self.model, self.data, self.val = model, data, val
        self.opt = torch.optim.Adam(model.parameters(), lr=lr)
        self.crit = nn.MSELoss()
    def epoch(self):
        X, Y = self.data
        total = 0.0
        self.opt.zero_grad()
        for k in torch.randperm(len(X)).split(40):
            loss = self.crit(self.model(X[k]), Y[k])
            loss.backward()
            self.opt.step()
            total += loss.item() * len(k)
        return total / len(X)
    def fit(self, n):
        for e in range(n):
            tr = self.epoch()
            if e % 2 == 0:
                print("epoch", e, "train", tr)
        with torch.no_grad():
            va = self.crit(self.model(self.val[0]), self.val[1]).item()
        print("final train", tr, "val", va)

torch.manual_seed(27)
Trainer(Adder(), make(2400), make(600)).fit(12)
