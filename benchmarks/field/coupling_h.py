import numpy as np
import torch

rs = np.random.RandomState(12)
N = 6000
area = rs.gamma(6, 18, N); rooms = np.clip(rs.poisson(area / 28), 1, 9); dist = rs.exponential(6, N); age = rs.uniform(0, 90, N); garden = rs.binomial(1, .4, N)
price = 1.6 * area + 12 * rooms - 30 * np.log1p(dist) + 0.01 * (age - 45) ** 2 * 3 + 25 * garden * (dist > 5) + rs.normal(0, 8, N)
Z = np.stack([area, rooms, dist, age, garden], 1)
Z = (Z - Z.mean(0)) / Z.std(0)
price = (price - price.mean()) / price.std()
Z, price = torch.tensor(Z).float(), torch.tensor(price).float()[:, None]

torch.manual_seed(12)
model = torch.nn.Sequential(torch.nn.Linear(5, 48), torch.nn.SiLU(), torch.nn.Linear(48, 48), torch.nn.SiLU(), torch.nn.Linear(48, 1))
opt = torch.optim.SGD(model.parameters(), lr=2e-5)
mse = torch.nn.MSELoss()
for epoch in range(15):
    perm = torch.randperm(5000)
    tot = 0
    for j in range(0, 5000, 50):
        b = perm[j:j + 50]
        opt.zero_grad()
        l = mse(model(Z[b]), price[b])
        l.backward()
        opt.step()
        tot += l.item()
    if epoch % 3 == 2:
        with torch.no_grad():
            print('epoch', epoch + 1, 'train', tot / 100, 'held-out', mse(model(Z[5000:]), price[5000:]).item())
