import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(8)
img = torch.tensor(load_digits().images, dtype=torch.float32).unsqueeze(1) / 16
img = img[torch.randperm(len(img))]
train, test = img[:1400], img[1400:]


def corrupt(b):
    return b + 0.4 * torch.randn_like(b)


class Denoiser(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.ModuleList([nn.Conv2d(1, 16, 3, padding=1), nn.Conv2d(16, 32, 3, stride=2, padding=1), nn.Conv2d(32, 32, 3, padding=1)])
        self.up = nn.ConvTranspose2d(32, 16, 2, stride=2)
        self.mid = nn.Conv2d(16, 16, 3, padding=1)
        self.out = nn.Conv2d(16, 1, 3, padding=1)
        for m in self.modules():
            if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
                nn.init.normal_(m.weight, 0, 0.02)
                nn.init.zeros_(m.bias)

    def forward(self, x):
        for c in self.enc:
            x = torch.relu(c(x))
        x = torch.relu(self.up(x))
        x = torch.relu(self.mid(x))
        return self.out(x)


def train_model(model, epochs=12, bs=50):
    opt = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
    lossf = nn.MSELoss()
    for e in range(epochs):
        s = 0
        for i in range(0, len(train), bs):
            clean = train[i:i + bs]
            loss = lossf(model(corrupt(clean)), clean)
            opt.zero_grad(); loss.backward(); opt.step()
            s += loss.item()
        print("epoch", e, "mse", round(s / (len(train) / bs), 5))


model = Denoiser()
train_model(model)
with torch.no_grad():
    print("test mse %.5f, plain mean image %.5f" % (((model(corrupt(test)) - test) ** 2).mean(), ((train.mean(0) - test) ** 2).mean()))
