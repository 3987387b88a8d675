import numpy as np
import torch

rng = np.random.default_rng(71)
F_ = 10
x = rng.normal(size=(3000, F_)).astype("float32")
y = (np.sin(x[:, 0] * 1.5) + 0.6 * x[:, 1] * x[:, 2] + np.abs(x[:, 3]) + 0.1 * rng.normal(size=3000)).astype("float32")
y = (y - y.mean()) / y.std()
x, y = torch.from_numpy(x), torch.from_numpy(y)[:, None]

torch.manual_seed(71)
BATCH = 3
blocks = []
for i, o in ((F_, 64), (64, 64)):
    blocks += [torch.nn.Linear(i, o, bias=False), torch.nn.BatchNorm1d(o), torch.nn.ReLU()]
model = torch.nn.Sequential(*blocks, torch.nn.Linear(64, 1))
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
EPOCHS = 6
for epoch in range(EPOCHS):
    model.train()
    order = rng.permutation(2400)
    for k in range(0, 2400, BATCH):
        sel = order[k:k + BATCH]
        pred = model(x[sel])
        loss = torch.mean((pred - y[sel]) ** 2)
        opt.zero_grad()
        loss.backward()
        opt.step()
    model.eval()
    with torch.no_grad():
        print("epoch", epoch, "held-out mse %.4f" % torch.mean((model(x[2400:]) - y[2400:]) ** 2).item())
