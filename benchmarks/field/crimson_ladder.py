import torch
from torch import nn
from torch.utils.data import TensorDataset, DataLoader

torch.manual_seed(14)
N = 4000
t = torch.linspace(0, 1, 40)
freq = torch.rand(N, 1) * 6 + 2
phase = torch.rand(N, 1) * 6.28
kind = torch.randint(0, 3, (N,))
wave = torch.sin(6.28 * freq * t + phase)
sq = torch.sign(wave)
tri = torch.asin(wave) * 2 / 3.1416
sig = torch.stack([wave, sq, tri], 1)[torch.arange(N), kind] + 0.25 * torch.randn(N, 40)
sig = sig / sig.std()
freq_n = (freq - 5) / 1.73


class MultiTask(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(40, 64), nn.ELU(), nn.Linear(64, 12), nn.ELU())
        self.freq_head = nn.Sequential(nn.Linear(12, 24), nn.ELU(), nn.Linear(24, 1))
        self.kind_head = nn.Linear(12, 3)

    def forward(self, s):
        z = self.encoder(s)
        shared = z.detach()
        return self.freq_head(shared), self.kind_head(shared)


net = MultiTask()
opt = torch.optim.NAdam(net.parameters(), lr=2e-3)
dl = DataLoader(TensorDataset(sig[:3200], freq_n[:3200], kind[:3200]), batch_size=64, shuffle=True)
for epoch in range(18):
    for s, f, k in dl:
        pf, pk = net(s)
        loss = nn.functional.mse_loss(pf, f) + nn.functional.cross_entropy(pk, k)
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 3 == 0:
        print("epoch", epoch, "loss", loss.item())
with torch.no_grad():
    pf, pk = net(sig[3200:])
    print("freq mse", nn.functional.mse_loss(pf, freq_n[3200:]).item(),
          "kind acc", (pk.argmax(1) == kind[3200:]).float().mean().item())
