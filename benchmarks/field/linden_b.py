import torch
from torch import nn
torch.set_num_threads(1)
torch.manual_seed(18)
L, V, H = 30, 4, 48
class Memory(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(V, 16)
        self.rnn = nn.RNN(16, H, batch_first=True)
        self.fc = nn.Linear(H, V)
        nn.init.normal_(self.rnn.weight_hh_l0, std=0.3 / H ** 0.5)
    def forward(self, s):
        h, _ = self.rnn(self.emb(s))
        return self.fc(h[:, -1])
net = Memory()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(1200):
    s = torch.randint(0, V, (48, L))
    loss = nn.functional.cross_entropy(net(s), s[:, 0])
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    if step % 200 == 0:
        print(step, loss.item())
s = torch.randint(0, V, (2000, L))
with torch.no_grad():
    z = net(s)
    print(f"train {loss.item():.4f} held-out {nn.functional.cross_entropy(z, s[:, 0]):.4f} acc {(z.argmax(1) == s[:, 0]).float().mean():.4f}")
