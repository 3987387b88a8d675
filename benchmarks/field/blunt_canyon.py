import torch
import torch.nn as nn
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(23)
d = load_digits()
x = (torch.tensor(d.images, dtype=torch.float32)[:, None] - 4.9) / 6.0
y = torch.tensor(d.target)
p = torch.randperm(len(x))
x, y = x[p], y[p]
model = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.GELU(), nn.Conv2d(16, 32, 3, padding=1, stride=2), nn.GELU(), nn.Flatten(), nn.Linear(512, 64), nn.GELU(), nn.Linear(64, 10))
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(8):
    agg = []
    for b in torch.randperm(1400).split(50):
        opt.zero_grad()
        with torch.autocast('cpu', dtype=torch.bfloat16):
            out = model(x[b])
        loss = nn.functional.cross_entropy(out.float(), y[b])
        loss.backward()
        opt.step()
        agg.append(loss.item())
    with torch.no_grad(), torch.autocast('cpu', dtype=torch.bfloat16):
        o = model(x[1400:]).float()
    print(f'epoch {epoch}: {sum(agg) / len(agg):.4f} {nn.functional.cross_entropy(o, y[1400:]).item():.4f} {(o.argmax(1) == y[1400:]).float().mean().item():.3f}')
