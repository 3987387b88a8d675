import torch
import torch.nn as nn
import torch.optim as optim

torch.manual_seed(1)
V, TAGS, L = 120, 6, 12
trans = torch.softmax(2 * torch.randn(TAGS, TAGS), 1)
emit = torch.softmax(2.5 * torch.randn(TAGS, V), 1)


def sentences(n):
    tag = torch.randint(0, TAGS, (n,))
    W, T = [], []
    for _ in range(L):
        T.append(tag)
        W.append(torch.multinomial(emit[tag], 1)[:, 0])
        tag = torch.multinomial(trans[tag], 1)[:, 0]
    return torch.stack(W, 1), torch.stack(T, 1)


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.word_embeddings = nn.Embedding(V, 24)
        self.lstm = nn.LSTM(24, 32, bidirectional=True, batch_first=True)
        self.hidden2tag = nn.Linear(64, TAGS)

    def forward(self, s):
        h, _ = self.lstm(self.word_embeddings(s))
        return self.hidden2tag(h)


Wtr, Ttr = sentences(2000)
Wde, Tde = sentences(400)
model = Tagger()
loss_function = nn.CrossEntropyLoss()
optimizer = optim.SGD(model.parameters(), lr=0.3)
for epoch in range(12):
    total = 0
    for idx in torch.randperm(2000).split(40):
        
        scores = model(Wtr[idx])
        loss = loss_function(scores.view(-1, TAGS), Ttr[idx].view(-1))
        loss.backward()
        optimizer.step()
        total += loss.item()
    with torch.no_grad():
        sc = model(Wde)
        dl = loss_function(sc.view(-1, TAGS), Tde.view(-1))
        print('epoch', epoch, 'loss', round(total / 50, 4), 'dev', round(dl.item(), 4), 'acc', round((sc.argmax(-1) == Tde).float().mean().item(), 4))
