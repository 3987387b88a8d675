import torch
import numpy as np
from sklearn.datasets import load_diabetes

data = load_diabetes()
X = torch.tensor(data.data / data.data.std(0), dtype=torch.float32)
t = torch.tensor(data.target, dtype=torch.float32)
t = (t - t.mean()) / t.std()
rs = np.random.RandomState(0).permutation(len(X))
tr, te = rs[:340], rs[340:]

torch.manual_seed(0)
model = torch.nn.Sequential(torch.nn.Linear(10, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.003)

for epoch in range(900):
    np.random.RandomState(epoch).shuffle(tr)
    losses = []
    for k in range(0, len(tr), 34):
        b = tr[k:k + 34]
        pred = model(X[b])[:, 0]
        loss = ((pred - t[b]) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    if epoch % 90 == 0 or epoch == 899:
        with torch.no_grad():
            v = ((model(X[te])[:, 0] - t[te]) ** 2).mean().item()
        print('epoch %3d  train %.3f  test %.3f' % (epoch, np.mean(losses), v))
