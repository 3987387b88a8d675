import torch
import torch.nn as nn
from sklearn.datasets import load_digits
torch.set_num_threads(1)
torch.manual_seed(14)
x = torch.tensor(load_digits().data, dtype=torch.float32) / 16
x = x[torch.randperm(len(x))]
train, test = x[:1400], x[1400:]
encoder = nn.Sequential(nn.Linear(64, 48), nn.ReLU(), nn.Linear(48, 6))
decoder = nn.Sequential(nn.Linear(6, 48), nn.ReLU(), nn.Linear(48, 64))
optimizer = torch.optim.Adam(list(decoder.parameters()), lr=2e-3)
mse = nn.MSELoss()
for epoch in range(40):
    for b in train[torch.randperm(1400)].split(50):
        loss = mse(decoder(encoder(b)), b)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 10 == 0:
        print(epoch, loss.item())
with torch.no_grad():
    print("train mse %.5f test mse %.5f" % (mse(decoder(encoder(train)), train), mse(decoder(encoder(test)), test)))
