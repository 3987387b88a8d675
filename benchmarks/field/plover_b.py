import torch
import torch.nn as nn
torch.set_num_threads(1)
torch.manual_seed(55)
U, I, K = 300, 200, 4
pu, qi = torch.randn(U, K), torch.randn(I, K)
u = torch.randint(0, U, (20000,)); i = torch.randint(0, I, (20000,))
r = 3 + 0.5 * (pu[u] * qi[i]).sum(1) + 0.2 * torch.randn(20000)

class MF(nn.Module):
    def __init__(self, k=8):
        super().__init__()
        self.U = nn.Embedding(U, k); self.I = nn.Embedding(I, k)
        self.bu = nn.Embedding(U, 1); self.bi = nn.Embedding(I, 1)
        self.mu = nn.Parameter(torch.tensor(3.0))
        nn.init.normal_(self.U.weight, std=0.3); nn.init.normal_(self.I.weight, std=0.3)
        nn.init.zeros_(self.bu.weight); nn.init.zeros_(self.bi.weight)
    def forward(self, a, b):
        return self.mu + self.bu(a)[:, 0] + self.bi(b)[:, 0] + (self.U(a) * self.I(b)).sum(1)

model = MF()
opt = torch.optim.Adam(model.parameters(), lr=2e-6)
for step in range(1000):
    k = torch.randint(0, 16000, (256,))
    loss = nn.functional.mse_loss(model(u[k], i[k]), r[k])
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 200 == 0:
        print(f"{step}: {loss.item():.4f}")
with torch.no_grad():
    f = nn.functional.mse_loss
    print(f"train mse {f(model(u[:16000], i[:16000]), r[:16000]):.4f}  held-out mse {f(model(u[16000:], i[16000:]), r[16000:]):.4f}")
