import math
import torch
import torch.nn as nn

torch.manual_seed(17)

# hourly demand: daily and weekly cycle plus autocorrelated noise
t = torch.arange(4000).float()
noise = torch.zeros(4000)
for k in range(1, 4000):
    noise[k] = 0.8 * noise[k - 1] + 0.1 * torch.randn(1).item()
series = torch.sin(2 * math.pi * t / 24) + 0.5 * torch.sin(2 * math.pi * t / 168) + noise
series = (series - series.mean()) / series.std()
series[[431, 1207, 2290]] = torch.tensor([400.0, -650.0, 500.0])   # meter hiccups

STREAMS, CHUNK = 16, 20
train = series[:3200].view(STREAMS, -1)      # 16 parallel streams of 200
valid = series[3200:].view(1, -1)


class Forecaster(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.lstm = nn.LSTM(1, hidden, batch_first=True)
        self.linear = nn.Linear(hidden, 1)

    def forward(self, x, state=None):
        out, state = self.lstm(x.unsqueeze(-1), state)
        return self.linear(out).squeeze(-1), state


model = Forecaster()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
loss_function = nn.MSELoss()
updates = 0
for epoch in range(60):
    state = None
    for s in range(0, train.size(1) - 1 - CHUNK, CHUNK):
        x = train[:, s:s + CHUNK]
        y = train[:, s + 1:s + CHUNK + 1]
        optimizer.zero_grad()
        pred, state = model(x, state)
        loss = loss_function(pred, y)
        loss.backward()
        optimizer.step()
        state = tuple(h.detach() for h in state)
        updates += 1
    if epoch % 10 == 0:
        print("epoch", epoch, "updates", updates, "loss", round(loss.item(), 5))
with torch.no_grad():
    pred, _ = model(valid[:, :-1])
    print("valid loss", loss_function(pred, valid[:, 1:]).item(), "predict-zero", loss_function(0 * pred, valid[:, 1:]).item())
