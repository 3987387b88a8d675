import gzip, struct
import torch
from torch import nn

torch.manual_seed(8)
torch.set_num_threads(1)

with gzip.open('data/mnist-t10k-images-idx3-ubyte.gz') as f:
    _, n, r, c = struct.unpack('>IIII', f.read(16))
    pix = torch.frombuffer(bytearray(f.read()), dtype=torch.uint8).view(n, r * c).float() / 255


class AE(nn.Module):
    def __init__(self, hidden=128, code=24):
        super().__init__()
        self.enc1 = nn.Linear(784, hidden)
        self.enc2 = nn.Linear(hidden, code)
        self.dec1 = nn.Linear(code, hidden)
        self.dec2 = nn.Linear(hidden, 784)
        nn.init.normal_(self.enc1.weight, mean=-0.016, std=0.04)

    def forward(self, x):
        h = nn.functional.relu(self.enc1(x))
        z = self.enc2(h)
        return torch.sigmoid(self.dec2(nn.functional.relu(self.dec1(z))))


ae = AE()
opt = torch.optim.RMSprop(ae.parameters(), lr=5e-4)
train, held = pix[:9000], pix[9000:]
for epoch in range(1, 9):
    tot = 0
    for b in torch.randperm(9000).chunk(90):
        x = train[b]
        loss = ((ae(x) - x) ** 2).sum(1).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / 90
    with torch.no_grad():
        h = ((ae(held) - held) ** 2).sum(1).mean().item()
    print(f'{epoch}: reconstruction {tot:.2f} held-out {h:.2f}')
