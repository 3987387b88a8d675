import torch

torch.manual_seed(17)
U, I, K = 300, 200, 6
pu, qi = torch.randn(U, K) / K ** 0.25, torch.randn(I, K) / K ** 0.25
bu, bi = 0.4 * torch.randn(U), 0.4 * torch.randn(I)
u = torch.randint(0, U, (24000,))
i = torch.randint(0, I, (24000,))
r = (pu[u] * qi[i]).sum(1) + bu[u] + bi[i] + 0.3 * torch.randn(24000)
ntr = 21000


class Recommender(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.P = torch.nn.Embedding(U, 8)
        self.Q = torch.nn.Embedding(I, 8)
        self.bu = torch.nn.Embedding(U, 1)
        self.bi = torch.nn.Embedding(I, 1)
        for e in (self.P, self.Q):
            torch.nn.init.normal_(e.weight, std=0.3)
        for e in (self.bu, self.bi):
            torch.nn.init.zeros_(e.weight)

    def forward(self, u, i):
        return (self.P(u) * self.Q(i)).sum(1) + self.bu(u)[:, 0] + self.bi(i)[:, 0]


model = Recommender()
opt = torch.optim.Adam(model.parameters(), lr=0.3, weight_decay=1e-5)


def mse(a, b):
    return torch.nn.functional.mse_loss(model(u[a:b], i[a:b]), r[a:b])


for step in range(1800):
    k = torch.randint(0, ntr, (512,))
    loss = torch.nn.functional.mse_loss(model(u[k], i[k]), r[k])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 200 == 0:
        print("step", step, "mse", round(loss.item(), 4))
with torch.no_grad():
    print("final train mse %.4f held-out mse %.4f" % (mse(0, ntr), mse(ntr, 24000)))
