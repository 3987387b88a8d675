import torch
from torch import nn

torch.manual_seed(20)
K, T, H = 6, 40, 64


def batch(n):
    y = torch.randint(0, K, (n,))
    x = 0.1 * torch.randn(n, T, K)
    x[torch.arange(n), 0, y] += 2.0
    return x, y


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.RNN(K, H, batch_first=True)
        
        self.out = nn.Linear(H, K)

    def forward(self, x):
        return self.out(self.cell(x)[1][0])


model = Reader()
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
ce = nn.CrossEntropyLoss()
avg = None
for step in range(1, 901):
    x, y = batch(32)
    loss = ce(model(x), y)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    avg = loss.item() if avg is None else 0.95 * avg + 0.05 * loss.item()
    if step % 100 == 0:
        print(f'step {step}: running loss {avg:.4f}')
