import torch
from torch import nn, optim

torch.manual_seed(13)
N, D, K = 4000, 20, 8
X = torch.randn(N, D)
proj = torch.randn(D, 16)
mix = torch.randn(16, K)
Y = ((torch.tanh(X @ proj / 3) @ mix - 2.0) > 0).float()

class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(D, 64), nn.GELU(), nn.Linear(64, 64), nn.GELU())
        self.head = nn.Linear(64, K)

    def forward(self, x):
        return torch.sigmoid(self.head(self.body(x)))

model = Tagger()
criterion = nn.BCEWithLogitsLoss()
opt = optim.AdamW(model.parameters(), lr=2e-3)
for step in range(2000):
    i = torch.randint(0, 3200, (64,))
    loss = criterion(model(X[i]), Y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 400 == 399:
        with torch.no_grad():
            print(step + 1, 'train', criterion(model(X[:3200]), Y[:3200]).item(), 'valid', criterion(model(X[3200:]), Y[3200:]).item())
