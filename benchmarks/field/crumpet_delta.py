import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(3)
X = torch.randn(3000, 8)
w = torch.randn(8)
t = torch.sin(X @ w) + 0.5 * X[:, 0] * X[:, 1] + 0.4 * X[:, 2].abs()
t = ((t - t.mean()) / t.std()).unsqueeze(1) + 0.05 * torch.randn(3000, 1)
loader = DataLoader(TensorDataset(X[:2400], t[:2400]), batch_size=3, shuffle=True, drop_last=True)
model = nn.Sequential(
    nn.Linear(8, 64, bias=False), nn.BatchNorm1d(64), nn.ReLU(),
    nn.Linear(64, 64, bias=False), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 1))
opt = torch.optim.Adam(model.parameters(), lr=2e-3)


def evaluate():
    model.eval()
    with torch.no_grad():
        r = nn.functional.mse_loss(model(X[2400:]), t[2400:]).item()
    model.train()
    return r


done, budget = 0, 4000
while done < budget:
    for xb, tb in loader:
        opt.zero_grad()
        loss = nn.functional.mse_loss(model(xb), tb)
        loss.backward()
        opt.step()
        done += 1
        if done % 500 == 0:
            print(done, "test mse", round(evaluate(), 4))
        if done == budget:
            break
print("final test mse", round(evaluate(), 4))
