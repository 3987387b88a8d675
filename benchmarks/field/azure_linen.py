import torch, torch.nn as nn
torch.manual_seed(37)

def henon(n):
    x, y = 0.1, 0.1
    out = []
    for _ in range(n + 100):
        x, y = 1 - 1.4 * x * x + y, 0.3 * x
        out.append(x)
    return torch.tensor(out[100:])

series = henon(3200)
frames = series.unfold(0, 11, 1)
X, Y = frames[:, :10].unsqueeze(2), frames[:, 10:]
net = nn.ModuleDict({"cell": nn.LSTM(1, 40, batch_first=True), "out": nn.Linear(40, 1)})
opt = torch.optim.RMSprop(net.parameters(), lr=2e-3)
sch = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=25)

def f(x):
    return net["out"](net["cell"](x)[0][:, -1])

for epoch in range(25):
    for idx in torch.randperm(2600).split(40):
        opt.zero_grad()
        loss = nn.functional.mse_loss(f(X[idx]), Y[idx])
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 0.1)
        opt.step()
    sch.step()
    if epoch % 5 == 4:
        with torch.no_grad():
            print("epoch", epoch + 1, "train", loss.item(), "test mse", nn.functional.mse_loss(f(X[2700:]), Y[2700:]).item(), "variance", series.var().item())
