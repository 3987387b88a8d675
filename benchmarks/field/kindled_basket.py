import torch, torch.nn as nn
from sklearn.datasets import make_multilabel_classification
from sklearn.metrics import f1_score

X, Y = make_multilabel_classification(n_samples=3000, n_features=30, n_classes=12, n_labels=2, random_state=13)
X = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
Y = torch.tensor(Y, dtype=torch.float32)
split = 2400


class Tagger(nn.Module):
    def __init__(self, n_feat, n_tag, width=64, p=0.1):
        super().__init__()
        self.enc = nn.Sequential(nn.Linear(n_feat, width), nn.GELU(), nn.Dropout(p), nn.Linear(width, width), nn.GELU())
        self.tags = nn.Linear(width, n_tag)

    def forward(self, x):
        return torch.sigmoid(self.tags(self.enc(x)))


torch.manual_seed(13)
tagger = Tagger(30, 12)
opt = torch.optim.Adam(tagger.parameters(), lr=5e-4)
bce = nn.BCEWithLogitsLoss()
for epoch in range(1, 21):
    tagger.train()
    for i in torch.randperm(split).view(-1, 30):
        loss = bce(tagger(X[i]), Y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 5 == 0:
        tagger.eval()
        with torch.no_grad():
            out = tagger(X[split:])
        guess = (out > 0.5).float()
        print("epoch", epoch, "bce %.4f" % bce(out, Y[split:]).item(), "micro F1 %.4f" % f1_score(Y[split:].numpy(), guess.numpy(), average="micro", zero_division=0))
