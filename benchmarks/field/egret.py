import torch, math
torch.set_num_threads(1)
torch.manual_seed(44)
t = torch.arange(2400) * 0.07
sig = torch.sin(t) * (1 + 0.3 * torch.sin(0.37 * t)) + 0.03 * torch.randn(2400)
W = 16
X = sig.unfold(0, W, 1)[:-1]
Y = sig[W:]
class Cell(torch.nn.Module):
    def __init__(self, h=40):
        super().__init__()
        self.wx = torch.nn.Parameter(torch.randn(1, h) * 25.0)
        self.wh = torch.nn.Parameter(torch.randn(h, h) * 3.0)
        self.b = torch.nn.Parameter(torch.zeros(h))
        self.out = torch.nn.Linear(h, 1)
    def forward(self, x):
        h = x.new_zeros(len(x), self.wh.shape[0])
        for k in range(x.shape[1]):
            h = torch.tanh(x[:, k:k + 1] @ self.wx + h @ self.wh + self.b)
        return self.out(h).squeeze(-1)
cell = Cell()
opt = torch.optim.Adam(cell.parameters(), lr=1e-3)
for i in range(800):
    k = torch.randint(0, 1900, (40,))
    loss = torch.nn.functional.mse_loss(cell(X[k]), Y[k])
    opt.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(cell.parameters(), 1.0)
    opt.step()
    if i % 160 == 0:
        print(i, loss.item())
with torch.no_grad():
    print("train %.5f test %.5f" % (torch.nn.functional.mse_loss(cell(X[:1900]), Y[:1900]), torch.nn.functional.mse_loss(cell(X[1900:]), Y[1900:])))
