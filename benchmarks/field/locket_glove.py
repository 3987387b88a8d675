import torch

torch.manual_seed(19)
USERS, ITEMS, K = 300, 200, 6
pu, qi = torch.randn(USERS, K), torch.randn(ITEMS, K)
bu, bi = 0.5 * torch.randn(USERS), 0.5 * torch.randn(ITEMS)
n = 30000
u = torch.randint(0, USERS, (n,))
i = torch.randint(0, ITEMS, (n,))
r = 3.5 + bu[u] + bi[i] + (pu[u] * qi[i]).sum(1) * 0.4 + 0.3 * torch.randn(n)
cut = 26000


class Factors(torch.nn.Module):
    def __init__(self, k=10):
        super().__init__()
        self.user = torch.nn.Embedding(USERS, k)
        self.item = torch.nn.Embedding(ITEMS, k)
        self.ub = torch.nn.Embedding(USERS, 1)
        self.ib = torch.nn.Embedding(ITEMS, 1)
        for e in (self.user, self.item):
            torch.nn.init.normal_(e.weight, std=0.3)
        for e in (self.ub, self.ib):
            torch.nn.init.zeros_(e.weight)
        self.mean = r[:cut].mean().item()

    def forward(self, a, b):
        return self.mean + self.ub(a)[:, 0] + self.ib(b)[:, 0] + (self.user(a) * self.item(b)).sum(1)


model = Factors()
opt = torch.optim.SGD(model.parameters(), lr=0.004, momentum=0.9)
for epoch in range(12):
    tot = 0.0
    for b in torch.randperm(cut).split(128):
        loss = (model(u[b], i[b]) - r[b]).pow(2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(b)
    print("epoch", epoch, "mse", round(tot / cut, 4))
with torch.no_grad():
    print("test rmse", round((model(u[cut:], i[cut:]) - r[cut:]).pow(2).mean().sqrt().item(), 4))
