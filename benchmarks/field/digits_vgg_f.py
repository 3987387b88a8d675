import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

torch.manual_seed(8)
cfg = [16, 16, 'M', 32, 32, 'M']


def make_layers(cfg):
    layers, c = [], 1
    for v in cfg:
        if v == 'M':
            layers.append(nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(c, v, kernel_size=3, padding=1), nn.ReLU(inplace=True)]
            c = v
    return nn.Sequential(*layers)


class VGG(nn.Module):
    def __init__(self, cfg, num_classes=10):
        super().__init__()
        self.features = make_layers(cfg)
        self.classifier = nn.Sequential(nn.Linear(32 * 4, 64), nn.ReLU(True), nn.Dropout(0.3), nn.Linear(64, num_classes))
        self._initialize_weights()

    def forward(self, x):
        return self.classifier(self.features(x).view(x.size(0), -1))

    def _initialize_weights(self):
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.normal_(m.weight, 0, 1)
                nn.init.zeros_(m.bias)


X, y = load_digits(return_X_y=True)
Xtr, Xte, ytr, yte = train_test_split(X.reshape(-1, 1, 8, 8) / 8.0 - 0.6, y, test_size=0.2, random_state=0)
Xtr, Xte = torch.tensor(Xtr).float(), torch.tensor(Xte).float()
ytr, yte = torch.tensor(ytr), torch.tensor(yte)
model = VGG(cfg)
ce = nn.CrossEntropyLoss(label_smoothing=0.05)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.05)
for epoch in range(12):
    model.train()
    for idx in torch.randperm(len(Xtr)).split(32):
        optimizer.zero_grad()
        loss = ce(model(Xtr[idx]), ytr[idx])
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        logits = model(Xte)
        print('epoch', epoch, 'loss %.4f' % loss.item(), 'val %.4f' % ce(logits, yte).item(), 'acc %.4f' % (logits.argmax(1) == yte).float().mean().item())
