import os
import torch
import torch.nn as nn

torch.manual_seed(49)
lines = [l.strip().lower() for l in open(os.environ.get("NAMES_FILE", "data/names.txt")) if l.strip()]
g = torch.Generator().manual_seed(49)
lines = [lines[i] for i in torch.randperm(len(lines), generator=g).tolist()]
train_names, valid_names = lines[:150], lines[-1000:]
chars = "." + "".join(sorted(set("".join(lines))))
T = 12


def tensorise(ns):
    m = torch.zeros(len(ns), T + 1, dtype=torch.long)
    for r, n in enumerate(ns):
        m[r, 1:1 + len(n[:T])] = torch.tensor([chars.index(c) for c in n[:T]])
    return m


tr, va = tensorise(train_names), tensorise(valid_names)


class CausalLM(nn.Module):
    def __init__(self, d=64):
        super().__init__()
        self.e, self.p = nn.Embedding(len(chars), d), nn.Embedding(T, d)
        lay = nn.TransformerEncoderLayer(d, 4, 2 * d, dropout=0.0, batch_first=True, norm_first=True)
        self.tr = nn.TransformerEncoder(lay, 2, enable_nested_tensor=False)
        self.h = nn.Linear(d, len(chars))
        self.register_buffer("mask", nn.Transformer.generate_square_subsequent_mask(T))

    def forward(self, s):
        z = self.tr(self.e(s) + self.p.weight, mask=self.mask)
        return self.h(z)


def loss_of(model, s):
    tgt = s[:, 1:].clone()
    tgt[(s[:, 1:] == 0) & (s[:, :-1] == 0) & (torch.arange(T) > 0)] = -100
    return nn.functional.cross_entropy(model(s[:, :-1]).flatten(0, 1), tgt.flatten(), ignore_index=-100)


model = CausalLM()
opt = torch.optim.AdamW(model.parameters(), lr=2e-3)
for step in range(701):
    loss = loss_of(model, tr[torch.randint(0, len(tr), (32,))])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        model.eval()
        with torch.no_grad():
            print(f"step {step} train {loss.item():.4f} valid {loss_of(model, va).item():.4f}")
        model.train()
