import torch
from torch import nn
from torch.utils.data import Dataset, DataLoader

torch.manual_seed(33)
VOCAB, TOPICS, LEN = 1500, 12, 20
prior = torch.distributions.Dirichlet(torch.full((VOCAB,), 0.15)).sample((TOPICS,))
common = torch.distributions.Dirichlet(torch.full((VOCAB,), 1.0)).sample()


class Texts(Dataset):
    def __init__(self, n):
        self.y = torch.randint(0, TOPICS, (n,))
        mix = 0.3 * prior[self.y] + 0.7 * common
        self.x = torch.multinomial(mix, LEN, replacement=True)

    def __len__(self):
        return len(self.y)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


train, valid = Texts(4000), Texts(800)
loader = DataLoader(train, batch_size=64, shuffle=True)


class BagModel(nn.Module):
    def __init__(self, dim=16):
        super().__init__()
        self.table = nn.EmbeddingBag(VOCAB, dim, mode='mean')
        self.body = nn.Sequential(nn.Linear(dim, 64), nn.ReLU(), nn.Linear(64, TOPICS))

    def forward(self, x):
        return self.body(self.table(x) * 4)


net = BagModel()
opt = torch.optim.Adam([
    {'params': net.table.parameters(), 'lr': 3e-5},
    {'params': net.body.parameters(), 'lr': 2e-3},
])
ce = nn.CrossEntropyLoss()
for epoch in range(12):
    s = 0.0
    for x, y in loader:
        loss = ce(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        s += loss.item()
    with torch.no_grad():
        o = net(valid.x)
        print(f'epoch {epoch + 1}: train {s / len(loader):.4f}  valid {ce(o, valid.y).item():.4f}  acc {(o.argmax(1) == valid.y).float().mean().item():.3f}')
