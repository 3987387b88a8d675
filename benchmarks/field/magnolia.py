import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.manual_seed(60)
digits = load_digits()
x, t = digits.data, digits.target
x = (x - x.mean(axis=0)) / x.std(axis=0)
x, t = torch.from_numpy(x).float(), torch.from_numpy(t)

class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(64, 50)
        self.b = nn.Linear(50, 10)
    def forward(self, x):
        return self.b(torch.tanh(self.a(x)))

model = Model()
opt = torch.optim.NAdam(model.parameters(), lr=2e-3)
crit = nn.CrossEntropyLoss()
for ep in range(20):
    tot = 0
    for i in range(0, 1500, 50):
        loss = crit(model(x[i:i+50]), t[i:i+50])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / 30
    if ep % 5 == 4:
        with torch.no_grad():
            o = model(x[1500:])
        print(ep + 1, 'train', tot, 'test', crit(o, t[1500:]).item(), 'acc', (o.argmax(1) == t[1500:]).float().mean().item())
