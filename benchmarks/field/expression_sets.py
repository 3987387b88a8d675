import torch
from torch import nn
from sklearn.datasets import make_classification
from sklearn.model_selection import train_test_split


class Model(nn.Module):
    def __init__(self, genes, classes, h=256, drop=0.6):
        super().__init__()
        self.drop_in = nn.Dropout(0.3)
        self.l1, self.l2, self.l3 = nn.Linear(genes, h), nn.Linear(h, h), nn.Linear(h, classes)
        self.drop = nn.Dropout(drop)

    def forward(self, x):
        x = self.drop(torch.relu(self.l1(self.drop_in(x))))
        x = self.drop(torch.relu(self.l2(x)))
        return self.l3(x)


def main():
    torch.manual_seed(31)
    X, y = make_classification(900, 200, n_informative=15, n_redundant=40, n_classes=4, class_sep=1.2, flip_y=0.08, random_state=31)
    X = (X - X.mean(0)) / X.std(0)
    a, b, ya, yb = train_test_split(torch.tensor(X).float(), torch.tensor(y), test_size=0.4, random_state=0)
    net = Model(200, 4)
    opt = torch.optim.Adam(net.parameters(), lr=5e-4)
    ce = nn.CrossEntropyLoss()
    net.train()
    for epoch in range(50):
        tot = 0.0
        
        for i in torch.randperm(len(a)).split(32):
            loss = ce(net(a[i]), ya[i])
            opt.zero_grad()
            loss.backward()
            opt.step()
            tot += loss.item() * len(i)
        if epoch % 5 == 0 or epoch == 49:
            net.eval()
            with torch.no_grad():
                o = net(b)
            print(f'{epoch:3d} train {tot / len(a):.4f} val {ce(o, yb).item():.4f} acc {(o.argmax(1) == yb).float().mean().item():.3f}')


if __name__ == '__main__':
    main()
