import torch
torch.set_num_threads(1)
torch.manual_seed(52)
class Dyn(torch.nn.Module):
    def __init__(self, d=4, h=32):
        super().__init__()
        self.a = torch.nn.Linear(d, h)
        self.b = torch.nn.Linear(h, d)
        with torch.no_grad():
            self.b.weight.mul_(6.0)
    def step(self, z):
        return z + 1.0 * self.b(torch.relu(self.a(z)))
    def forward(self, z, n):
        out = []
        for _ in range(n):
            z = self.step(z)
            out.append(z)
        return torch.stack(out, 1)
A = torch.tensor([[0., 1, 0, 0], [-1, 0, 0, 0], [0, 0, -.1, .6], [0, 0, -.6, -.1]])
E = torch.matrix_exp(0.1 * A)
def traj(n, L=15):
    z = torch.randn(n, 4); o = [z]
    for _ in range(L):
        z = z @ E.T; o.append(z)
    return torch.stack(o, 1)
D, V = traj(1000), traj(300)
m = Dyn()
opt = torch.optim.Adam(m.parameters(), lr=1e-3)
for it in range(600):
    b = D[torch.randint(0, 1000, (32,))]
    loss = (m(b[:, 0], 15) - b[:, 1:]).pow(2).mean()
    opt.zero_grad(); loss.backward(); opt.step()
    if it % 100 == 0:
        print(it, loss.item())
with torch.no_grad():
    print("train", loss.item(), "val", (m(V[:, 0], 15) - V[:, 1:]).pow(2).mean().item())
