import math, torch
torch.manual_seed(0)
torch.set_num_threads(1)
s = torch.arange(0, 2600) * 0.11
series = torch.sin(s) + 0.6 * torch.sin(2.7 * s + 1) + 0.05 * torch.randn(len(s))
T = 24
X = series.unfold(0, T, 1)[:-1].unsqueeze(-1)
Y = series[T:]
class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(1, 32, batch_first=True)
        self.lin = torch.nn.Linear(32, 1)
    def forward(self, x):
        h, _ = self.lstm(x)
        return self.lin(h[:, -1]).squeeze(-1)
net = Net()
opt = torch.optim.RMSprop(net.parameters(), lr=0.25)
for it in range(450):
    j = torch.randint(0, 2000, (40,))
    loss = ((net(X[j]) - Y[j]) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 50 == 0:
        print(it, round(loss.item(), 4))
with torch.no_grad():
    print("train %.4f test %.4f" % (((net(X[:2000]) - Y[:2000]) ** 2).mean(), ((net(X[2000:]) - Y[2000:]) ** 2).mean()))
