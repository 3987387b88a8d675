import torch
import torch.nn as nn

torch.manual_seed(6)
torch.set_num_threads(1)

T = 40
H = 48


def batch(n):
    v = torch.rand(n, T)
    m = torch.zeros(n, T)
    a = torch.randint(0, T // 2, (n,))
    b = torch.randint(T // 2, T, (n,))
    m[torch.arange(n), a] = 1
    m[torch.arange(n), b] = 1
    return torch.stack([v, m], 2), (v * m).sum(1, keepdim=True)


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.Wx = nn.Parameter(torch.randn(2, H) * 0.1)
        self.Wh = nn.Parameter(1.6 * torch.randn(H, H) / H ** 0.5 + 0.2 * torch.eye(H))
        self.b = nn.Parameter(torch.zeros(H))
        self.out = nn.Linear(H, 1)

    def forward(self, x):
        h = x.new_zeros(len(x), H)
        for t in range(x.shape[1]):
            h = torch.relu(x[:, t] @ self.Wx + h @ self.Wh + self.b)
        return self.out(h)


rnn = Recurrent()
opt = torch.optim.Adam(rnn.parameters(), lr=1e-3)
run = 0
for step in range(1, 1801):
    x, y = batch(50)
    loss = nn.functional.mse_loss(rnn(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    run += loss.item()
    if step % 150 == 0:
        print(step, run / 150)
        run = 0
