import math
import torch
import torch.nn as nn

torch.manual_seed(55)
# noisy sines: predict frequency from 24 samples
N = 2500
freq = torch.rand(N) * 2.5 + 0.5
phase = torch.rand(N) * 2 * math.pi
t = torch.linspace(0, 3, 24)
series = torch.sin(freq[:, None] * 2 * t + phase[:, None]) + 0.1 * torch.randn(N, 24)
series = series.unsqueeze(-1)
target = (freq - freq.mean()) / freq.std()

encoder = nn.GRU(1, 24, batch_first=True)
decoder = nn.Sequential(nn.Linear(24, 24), nn.Tanh(), nn.Linear(24, 1))
opt = torch.optim.Adam(list(encoder.parameters()) + list(decoder.parameters()), lr=5e-3)
criterion = nn.MSELoss()

def encode(x):
    _, h = encoder(x)
    return h[-1].data

for step in range(1, 1201):
    i = torch.randint(0, 2000, (64,))
    pred = decoder(encode(series[i])).squeeze(1)
    loss = criterion(pred, target[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 200 == 0:
        with torch.no_grad():
            print(step, 'train', criterion(decoder(encode(series[:2000])).squeeze(1), target[:2000]).item(), 'valid', criterion(decoder(encode(series[2000:])).squeeze(1), target[2000:]).item())
