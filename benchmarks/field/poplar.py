import torch, torch.nn as nn, torch.nn.functional as F

torch.manual_seed(4)
SYM, DELAY, HID = 6, 25, 48

def batch(n):
    first = torch.randint(0, SYM, (n,))
    seq = torch.randn(n, DELAY, SYM) * 0.1
    seq[:, 0] += F.one_hot(first, SYM).float() * 2
    return seq, first

class Recall(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(SYM, HID, nonlinearity='tanh', batch_first=True)
        nn.init.normal_(self.rnn.weight_hh_l0, std=0.05)
        self.fc = nn.Linear(HID, SYM)
    def forward(self, s):
        out, _ = self.rnn(s)
        return self.fc(out[:, -1])

model = Recall()
opt = torch.optim.RMSprop(model.parameters(), lr=5e-4)
hist = []
for it in range(800):
    s, f = batch(64)
    loss = F.cross_entropy(model(s), f)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    hist.append(loss.item())
    if it % 200 == 199:
        with torch.no_grad():
            s, f = batch(1000)
            print(it + 1, 'train', sum(hist[-50:]) / 50, 'fresh acc', (model(s).argmax(1) == f).float().mean().item())
