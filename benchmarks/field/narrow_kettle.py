import torch
from torch import nn, optim

torch.set_num_threads(1)


def synth(n, T=32, seed=0):
    g = torch.Generator().manual_seed(seed)
    x = torch.randn(n, 3, T, generator=g)
    k = torch.tensor([[1., -1, 1, 0, 0], [0, 1, 0, -1, 0], [.5, 0, 0, 0, .5]])
    s = nn.functional.conv1d(x, k.unsqueeze(0), padding=2).squeeze(1)
    s = s + 0.6 * torch.sin(2 * s)
    y = torch.bucketize(s, torch.tensor([-1.3, 0.0, 1.3]))
    return x * torch.tensor([3.0, 0.8, 2.0])[None, :, None] + torch.tensor([2.0, -1.0, 4.0])[None, :, None], y


class Tagger(nn.Module):
    def __init__(self, w=24, depth=6):
        super().__init__()
        mods, c = [], 3
        for _ in range(depth):
            mods += [nn.Conv1d(c, w, 3, padding=1, bias=False), nn.BatchNorm1d(w), nn.ReLU()]
            c = w
        self.f = nn.Sequential(*mods)
        self.out = nn.Conv1d(w, 4, 1)

    def forward(self, x):
        return self.out(self.f(x))


class Trainer:
    def __init__(self, model, lr):
        self.model = model
        self.opt = optim.SGD(model.parameters(), lr=lr, momentum=0.9, weight_decay=1e-4)
        self.data = synth(3000, seed=1)
        self.valid = synth(500, seed=2)

    def validate(self):
        self.model.eval()
        with torch.no_grad():
            o = self.model(self.valid[0])
            return nn.functional.cross_entropy(o, self.valid[1]).item(), (o.argmax(1) == self.valid[1]).float().mean().item()

    def run(self, steps, every):
        x, y = self.data
        self.validate()
        avg = 0.0
        for t in range(1, steps + 1):
            i = torch.randint(0, len(x), (32,))
            loss = nn.functional.cross_entropy(self.model(x[i]), y[i])
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()
            avg += loss.item() / every
            if t % every == 0:
                vl, va = self.validate()
                print(f'[{t}] train {avg:.4f} valid {vl:.4f} acc {va:.3f}')
                avg = 0.0


torch.manual_seed(77)
Trainer(Tagger(), 0.05).run(1000, 100)
