import torch
import torch.nn as nn
from torch.nn.utils.rnn import pad_sequence, pack_padded_sequence, pad_packed_sequence

torch.set_num_threads(1)
torch.manual_seed(47)
words = [w for w in open('data/names.txt').read().split() if len(w) > 1]
words = [words[i] for i in torch.randperm(len(words))]
ids = [torch.tensor([26] + [ord(c) - 97 for c in w] + [26]) for w in words]
train, valid = ids[:-2000], ids[-2000:]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(27, 20)
        self.gru = nn.GRU(20, 80, batch_first=True)
        self.out = nn.Linear(80, 27)

    def forward(self, seqs):
        seqs = sorted(seqs, key=len, reverse=True)
        x = pad_sequence([s[:-1] for s in seqs], batch_first=True)
        y = pad_sequence([s[1:] for s in seqs], batch_first=True, padding_value=-100)
        h, _ = self.gru(pack_padded_sequence(self.emb(x), [len(s) - 1 for s in seqs], batch_first=True))
        h, _ = pad_packed_sequence(h, batch_first=True)
        return nn.functional.cross_entropy(self.out(h).transpose(1, 2), y, ignore_index=-100)


net = Net()
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(opt, T_0=200, T_mult=2, eta_min=1e-4)
run = []
for step in range(1, 1401):
    batch = [train[j] for j in torch.randint(0, len(train), (50,)).tolist()]
    loss = net(batch)
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    run.append(loss.item())
    if step % 140 == 0:
        with torch.no_grad():
            v = net(valid).item()
        print(f'step {step} lr {opt.param_groups[0]["lr"]:.5f} train {sum(run[-140:]) / 140:.3f} valid {v:.3f}')
