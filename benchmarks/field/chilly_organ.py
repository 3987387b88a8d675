import random
import torch
import torch.nn as nn

torch.set_num_threads(1)
torch.manual_seed(44)
random.seed(44)
alln = open('data/names.txt').read().split()
random.shuffle(alln)
train_names = alln[:400]
valid_names = alln[30000:31500]


def pack(names):
    m = max(map(len, names)) + 1
    x = torch.zeros(len(names), m, dtype=torch.long)
    y = torch.full((len(names), m), -100)
    for r, w in enumerate(names):
        ids = torch.tensor([ord(c) - 96 for c in w])
        x[r, 1:len(w) + 1] = ids
        y[r, :len(w)] = ids
        y[r, len(w)] = 0
    return x, y


class Model(nn.Module):
    def __init__(self, h=128):
        super().__init__()
        self.emb = nn.Embedding(27, 32)
        self.lstm = nn.LSTM(32, h, batch_first=True)
        self.drop = nn.Dropout(0.1)
        self.fc = nn.Linear(h, 27)

    def forward(self, x):
        return self.fc(self.drop(self.lstm(self.emb(x))[0]))


def loss_of(m, x, y):
    return nn.functional.cross_entropy(m(x).reshape(-1, 27), y.reshape(-1), ignore_index=-100)


tx, ty = pack(train_names)
vx, vy = pack(valid_names)
net = Model()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
avg = 0
for step in range(1, 701):
    net.train()
    ix = torch.randint(0, len(tx), (32,))
    loss = loss_of(net, tx[ix], ty[ix])
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 5.0)
    opt.step()
    avg += loss.item() / 70
    if step % 70 == 0:
        net.eval()
        with torch.no_grad():
            v = loss_of(net, vx, vy).item()
        print(f'step {step:4d}  train {avg:.3f}  valid {v:.3f}  ppl {2.718281828 ** v:.2f}')
        avg = 0
