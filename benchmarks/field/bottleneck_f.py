import gzip, numpy as np, torch
from torch import nn

torch.manual_seed(50)
raw = gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read()
imgs = torch.from_numpy(np.frombuffer(raw, np.uint8, offset=16).copy()).view(-1, 28, 28)[:, ::2, ::2].reshape(-1, 196).float() / 255.
train, test = imgs[:8000], imgs[8000:]

class AutoEncoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(196, 96), nn.ELU(), nn.Linear(96, 12))
        self.decoder = nn.Sequential(nn.Linear(12, 96), nn.ELU(), nn.Linear(96, 196))
    def forward(self, x):
        z = self.encoder(x)
        return torch.sigmoid(self.decoder(z))

net = AutoEncoder()
optim = torch.optim.Adam(net.parameters(), lr=2e-3)
mse = nn.MSELoss()
it = 0
for epoch in range(100):
    for batch in train[torch.randperm(len(train))].split(4000):
        recon = net(batch)
        loss = mse(recon, batch)
        optim.zero_grad()
        loss.backward()
        optim.step()
        it += 1
    if epoch % 10 == 9: print('epoch {} it {} mse {:.5f}'.format(epoch, it, loss.item()))
with torch.no_grad():
    print('test mse {:.5f} (mean image {:.5f})'.format(mse(net(test), test).item(), ((test - train.mean(0)) ** 2).mean().item()))
