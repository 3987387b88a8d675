import math, torch

torch.manual_seed(14)
t = torch.arange(3000).float()
amp = 1 + 0.5 * torch.sin(2 * math.pi * t / 317)
s = amp * torch.sin(2 * math.pi * t / 23) + 0.3 * torch.sin(2 * math.pi * t / 7.3) + 0.08 * torch.randn(3000)
win = s.unfold(0, 33, 1)
past, future = win[:, :32, None], win[:, 32]
p = torch.randperm(2200)
ptrain, ftrain, ptest, ftest = past[p], future[p], past[2300:], future[2300:]

lstm = torch.nn.LSTM(1, 20, batch_first=True)
read = torch.nn.Linear(20, 1)
opt = torch.optim.SGD([*lstm.parameters(), *read.parameters()], lr=0.1)


def forecast(x):
    return read(lstm(x)[0][:, -1])[:, 0]


for epoch in range(20):
    for i in range(0, 2200, 44):
        loss = (forecast(ptrain[i:i + 44]) - ftrain[i:i + 44]).square().mean()
        loss.backward()
        opt.step()
    if epoch % 4 == 3:
        with torch.no_grad():
            print("epoch", epoch + 1, "train", f"{loss:.4f}", "test mse", f"{(forecast(ptest) - ftest).square().mean():.4f}")
