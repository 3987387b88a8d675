"""Adam with dropout, gradient clipping, a loader and a main function."""

import torch
from _fingerprint import fingerprint
from torch import nn
from torch.nn.utils import clip_grad_norm_
from torch.utils.data import DataLoader, TensorDataset


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(30, 16)
        self.norm = nn.LayerNorm(48)
        self.body = nn.Sequential(nn.Linear(48, 32), nn.ReLU(inplace=True), nn.Dropout(0.1))
        self.head = nn.Linear(32, 30)

    def forward(self, x):
        return self.head(self.body(self.norm(self.embed(x).flatten(1))))


def main():
    torch.manual_seed(2)
    model = Net()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    x = torch.randint(0, 30, (400, 3))
    loader = DataLoader(TensorDataset(x, x.sum(1) % 30), batch_size=32, shuffle=True)
    for epoch in range(4):
        model.train()
        for xb, yb in loader:
            loss = nn.functional.cross_entropy(model(xb), yb)
            optimizer.zero_grad(set_to_none=False)
            loss.backward()
            clip_grad_norm_(model.parameters(), 0.5)
            optimizer.step()
        model.eval()
        with torch.no_grad():
            for xb, yb in DataLoader(loader.dataset, batch_size=200):
                print(epoch, nn.functional.cross_entropy(model(xb), yb).item())
    fingerprint(model.state_dict(), optimizer.state_dict())


if __name__ == "__main__":
    main()
