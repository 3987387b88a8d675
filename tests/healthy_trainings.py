"""Small real trainings that people would call healthy, each with places where one thing can be broken.

Each trains for a second or so, watched at the default settings, and gives what the rules say of it.
"""

import copy
import gzip
from itertools import pairwise

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from auscult import rules
from auscult.observe.watch import watch


def trained(model, optimizer, inputs, labels, loss=F.cross_entropy, steps=400, batch=64, before=None, after=None):
    """The verdict on a training on random batches. before, after: called with the step, around it."""
    stepper = optimizer(p for p in model.parameters() if p.requires_grad)
    with watch(model, stepper) as recorder:
        for step in range(steps):
            if before is not None:
                before(step)
            some = torch.randint(0, len(inputs), (batch,))
            value = loss(model(inputs[some]), labels[some])
            stepper.zero_grad()
            value.backward()
            stepper.step()
            if after is not None:
                after(step, recorder)
    return rules.judge(recorder.run)


def adam(rate=1e-3):
    return lambda parameters: torch.optim.Adam(parameters, lr=rate)


def sgd(rate=0.1, momentum=0.0):
    return lambda parameters: torch.optim.SGD(parameters, lr=rate, momentum=momentum)


# -- the data ------------------------------------------------------------------------------------------------


def read_digits(images, labels):
    """(10000, 1, 28, 28) from 0 to 255, and the digits (10000,)."""
    with gzip.open(images) as file:
        pixels = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
    with gzip.open(labels) as file:
        digits = np.frombuffer(file.read(), np.uint8, offset=8)
    return torch.tensor(pixels).float(), torch.tensor(digits).long()


def scaled(pixels):
    return (pixels / 255 - 0.13) / 0.31


def read_names(path, names=4000):
    """Three letters and the next, (n, 3) and (n,); and whole names, (names, 15), each padded with −1."""
    words = path.read_text().split()[:: len(path.read_text().split()) // names]
    contexts, nexts, whole = [], [], []
    for word in words:
        ids = [ord(c) - 96 for c in word[:14]]
        padded = [0, 0, 0, *ids, 0]
        contexts += [padded[i : i + 3] for i in range(len(ids) + 1)]
        nexts += padded[3:]
        whole.append([0, *ids, 0] + [-1] * (14 - len(ids)))
    return torch.tensor(contexts), torch.tensor(nexts), torch.tensor(whole)


def table(examples=4000):
    """A regression: twenty standardised features, and a standardised target."""
    inputs = torch.randn(examples, 20)
    targets = torch.tanh(2 * inputs @ (torch.randn(20, 30) / 20**0.5)) @ torch.randn(30, 1)
    targets = targets + 0.3 * torch.randn_like(targets)
    return inputs, (targets - targets.mean()) / targets.std()


# -- networks ------------------------------------------------------------------------------------------------


def perceptron(*sizes, activation=nn.ReLU, norm=None, initialise=None):
    layers = [nn.Flatten()]
    for inputs, outputs in pairwise(sizes[:-1]):
        linear = nn.Linear(inputs, outputs)
        if initialise is not None:
            initialise(linear)
        layers += [linear, *([norm(outputs)] if norm else []), activation()]
    return nn.Sequential(*layers, nn.Linear(sizes[-2], sizes[-1]))


def drawn(gain):
    def initialise(linear):
        nn.init.normal_(linear.weight, 0, gain / linear.in_features**0.5)
        nn.init.zeros_(linear.bias)

    return initialise


def alike(linear):
    nn.init.constant_(linear.weight, 0.02)
    nn.init.zeros_(linear.bias)


class Block(nn.Module):
    def __init__(self, width, causal):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.mixed, self.back = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))
        self.causal = causal

    def forward(self, x):
        q, k, v = (t.unflatten(-1, (4, -1)).transpose(1, 2) for t in self.mixed(self.norm1(x)).chunk(3, -1))
        heads = F.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
        x = x + self.back(heads.transpose(1, 2).flatten(2))
        return x + self.mlp(self.norm2(x))


class Transformer(nn.Module):
    def __init__(self, width=32, layers=2, spread=0.02):
        super().__init__()
        self.letters, self.places = nn.Embedding(27, width), nn.Embedding(15, width)
        self.blocks = nn.Sequential(*[Block(width, causal=True) for _ in range(layers)])
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, 27, bias=False)
        self.head.weight = self.letters.weight
        nn.init.normal_(self.letters.weight, 0, spread)

    def forward(self, x):
        return self.head(self.norm(self.blocks(self.letters(x) + self.places.weight[: x.shape[1]])))


class Recurrent(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.letters, self.recurrent, self.head = (
            nn.Embedding(27, 24),
            kind(24, 48, batch_first=True),
            nn.Linear(48, 27),
        )

    def forward(self, x):
        return self.head(self.recurrent(self.letters(x))[0])


class Residual(nn.Module):
    def __init__(self, channels, norm):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm1, self.norm2 = norm(channels), norm(channels)
        nn.init.zeros_(self.norm2.weight)

    def forward(self, x):
        return F.relu(x + self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x))))))


def residual(norm=nn.BatchNorm2d, channels=8):
    entry = [nn.Conv2d(1, channels, 3, stride=2, padding=1, bias=False), norm(channels), nn.ReLU()]
    blocks = [Residual(channels, norm) for _ in range(2)]
    return nn.Sequential(*entry, *blocks, nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Linear(16 * channels, 10))


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 84), nn.ReLU(), nn.Linear(84, 10),
    )  # fmt: skip


class Vision(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.patches = nn.Conv2d(1, width, 7, 7)
        self.places = nn.Parameter(0.02 * torch.randn(16, width))
        self.blocks = nn.Sequential(Block(width, causal=False), Block(width, causal=False))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, 10)

    def forward(self, x):
        return self.head(self.norm(self.blocks(self.patches(x).flatten(2).mT + self.places).mean(1)))


class Cosines(nn.Module):
    """Classes by the angle to a vector of each."""

    def __init__(self):
        super().__init__()
        self.body, self.classes = perceptron(784, 128, 32), nn.Parameter(torch.randn(10, 32))

    def forward(self, x):
        return 16 * (F.normalize(self.body(x)) @ F.normalize(self.classes).T)


class LowRank(nn.Module):
    """A trained layer that is left alone, and a small change of it that begins at zero."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer.requires_grad_(False)
        self.down = nn.Parameter(torch.randn(4, layer.in_features) / layer.in_features**0.5)
        self.up = nn.Parameter(torch.zeros(layer.out_features, 4))

    def forward(self, x):
        return self.layer(x) + x @ self.down.T @ self.up.T


# -- letters -------------------------------------------------------------------------------------------------


def of_letters(logits, labels):
    return F.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=-1)


def lecture(names, hidden=5 / 3 / 30**0.5, output=0.01):
    """The lecture's character model: bare tensors, and a loop that moves them itself."""
    contexts, nexts, _ = names
    C, W1, b1 = torch.randn(27, 10), hidden * torch.randn(30, 200), 0.01 * torch.randn(200)
    W2, b2 = output * torch.randn(200, 27), torch.zeros(27)
    parameters = {"C": C, "W1": W1, "b1": b1, "W2": W2, "b2": b2}
    for p in parameters.values():
        p.requires_grad = True
    with watch(parameters) as recorder:
        for _ in range(800):
            some = torch.randint(0, len(contexts), (32,))
            h = torch.tanh(C[contexts[some]].view(32, -1) @ W1 + b1)
            loss = F.cross_entropy(h @ W2 + b2, nexts[some])
            for p in parameters.values():
                p.grad = None
            loss.backward()
            for p in parameters.values():
                p.data -= 0.1 * p.grad
    return rules.judge(recorder.run)


def deep_norms(names, batch=32, before=None):
    """Five tanh layers with batch normalisation."""
    contexts, nexts, _ = names
    model = nn.Sequential(nn.Embedding(27, 10), nn.Flatten())
    for inputs in (30, 64, 64, 64, 64):
        model.extend([nn.Linear(inputs, 64, bias=False), nn.BatchNorm1d(64), nn.Tanh()])
    model.append(nn.Linear(64, 27))

    def switch(step):
        if before is not None:
            before(step, model)

    return trained(model, sgd(), contexts, nexts, batch=batch, before=switch)


def transformer(names, spread=0.02, loss=of_letters):
    whole = names[2]
    model = Transformer(spread=spread)
    return trained(model, adam(2e-3), whole[:, :-1].clamp(0), whole[:, 1:], loss, 150, 32)


def recurrent(names, kind=nn.GRU):
    whole = names[2]
    return trained(Recurrent(kind), adam(3e-3), whole[:, :-1].clamp(0), whole[:, 1:], of_letters, 200, 32)


# -- digits --------------------------------------------------------------------------------------------------


def with_schedule(digits):
    """A residual network: zeros at the end of each branch, one-cycle, momentum."""
    pixels, labels = digits
    made = []

    def optimizer(parameters):
        made.append(torch.optim.SGD(parameters, lr=0.1, momentum=0.9, weight_decay=5e-4))
        made.append(torch.optim.lr_scheduler.OneCycleLR(made[0], 0.2, total_steps=151))
        return made[0]

    return trained(
        residual(), optimizer, scaled(pixels), labels, steps=150, batch=32, after=lambda *_: made[1].step()
    )  # fmt: skip


def autoencoder(digits):
    pixels, _ = digits
    model = perceptron(784, 128, 16, 128, 784)
    return trained(model, adam(), pixels / 255, pixels.flatten(1) / 255, F.binary_cross_entropy_with_logits)


def variational(digits):
    pixels = digits[0].flatten(1) / 255
    model = nn.ModuleDict({"encode": perceptron(784, 128, 16), "decode": perceptron(8, 128, 784)})

    def forward(x):
        mean, log_var = model["encode"](x).chunk(2, 1)
        return model["decode"](mean + torch.randn_like(mean) * (log_var / 2).exp()), mean, log_var

    def loss(given, target):
        logits, mean, log_var = given
        apart = F.binary_cross_entropy_with_logits(logits, target, reduction="sum")
        return (apart - 0.5 * (1 + log_var - mean**2 - log_var.exp()).sum()) / len(target)

    model.forward = forward
    return trained(model, adam(), pixels, pixels, loss)


def adversaries(digits):
    pixels = digits[0] / 127.5 - 1
    maker = nn.Sequential(
        nn.Linear(32, 16 * 49), nn.Unflatten(1, (16, 7, 7)), nn.BatchNorm2d(16), nn.ReLU(),
        nn.ConvTranspose2d(16, 8, 4, 2, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU(),
        nn.ConvTranspose2d(8, 1, 4, 2, 1), nn.Tanh(),
    )  # fmt: skip
    judge = nn.Sequential(
        nn.Conv2d(1, 8, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(8, 16, 4, 2, 1, bias=False), nn.BatchNorm2d(16),
        nn.LeakyReLU(0.2), nn.Flatten(), nn.Linear(16 * 49, 1),
    )  # fmt: skip
    makes, judges = (torch.optim.Adam(m.parameters(), 2e-4, (0.5, 0.999)) for m in (maker, judge))
    yes, no, loss = torch.ones(32, 1), torch.zeros(32, 1), F.binary_cross_entropy_with_logits
    with watch({"maker": maker, "judge": judge}, [judges, makes]) as recorder:
        for _ in range(150):
            real, made = pixels[torch.randint(0, len(pixels), (32,))], maker(torch.randn(32, 32))
            judges.zero_grad()
            (loss(judge(real), yes) + loss(judge(made.detach()), no)).backward()
            judges.step()
            makes.zero_grad()
            loss(judge(made), yes).backward()
            makes.step()
    return rules.judge(recorder.run)


def contrastive(digits):
    """The same digit near, another far: the last bias does not matter to any distance."""
    images, labels = scaled(digits[0]), digits[1]
    model = perceptron(784, 128, 16)
    stepper = torch.optim.Adam(model.parameters(), lr=1e-3)
    with watch(model, stepper) as recorder:
        for _ in range(400):
            one, other = torch.randint(0, len(images), (2, 64))
            same = (labels[one] == labels[other]).float()
            apart = (model(images[one]) - model(images[other]) + 1e-6).norm(dim=1)
            loss = (same * apart**2 + (1 - same) * F.relu(1 - apart) ** 2).mean()
            stepper.zero_grad()
            loss.backward()
            stepper.step()
    return rules.judge(recorder.run)


def learned(digits, steps=200):
    """A network that knows the digits below eight."""
    images, labels = scaled(digits[0]), digits[1]
    images, labels = images[labels < 8], labels[labels < 8]
    model = perceptron(784, 64, 64, 10)
    stepper = torch.optim.Adam(model.parameters(), lr=1e-3)
    for _ in range(steps):
        some = torch.randint(0, len(images), (64,))
        stepper.zero_grad()
        F.cross_entropy(model(images[some]), labels[some]).backward()
        stepper.step()
    return model


def low_rank(digits):
    model = learned(digits)
    model = nn.Sequential(*[LowRank(x) if isinstance(x, nn.Linear) else x for x in model])
    return trained(model, adam(2e-3), scaled(digits[0]), digits[1])


def fine_tuning(digits):
    model = learned(digits)
    model[-1] = nn.Linear(64, 10)
    return trained(model, sgd(0.01, 0.9), scaled(digits[0]), digits[1])


def distilled(digits):
    images, model = scaled(digits[0]), perceptron(784, 32, 10)
    taught = F.softmax(learned(digits)(images) / 3, 1).detach()

    def loss(given, target):
        return 9 * F.kl_div(F.log_softmax(given / 3, 1), target, reduction="batchmean")

    return trained(model, adam(), images, taught, loss)


def whole_batches(digits):
    """LBFGS: each step is many moves of a length it searches."""
    images, labels = scaled(digits[0])[:1000], digits[1][:1000]
    model = perceptron(784, 32, 10, activation=nn.Tanh)
    stepper = torch.optim.LBFGS(model.parameters(), lr=0.5, max_iter=5, line_search_fn="strong_wolfe")

    def closure():
        stepper.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        return loss

    with watch(model, stepper) as recorder:
        for _ in range(40):
            stepper.step(closure)
    return rules.judge(recorder.run)


def validated(digits, examples=8000, wrong=0, steps=600):
    """A validation every fifty steps, in eval mode and back. wrong: how many of the labels are."""
    images, labels = scaled(digits[0]), digits[1].clone()
    labels[:wrong] = torch.randint(0, 10, (wrong,))
    model = nn.Sequential(perceptron(784, 128, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 10))

    def after(step, recorder):
        if step % 50 == 0:
            model.eval()
            with torch.no_grad():
                recorder.log(valid_loss=float(F.cross_entropy(model(images[8000:]), labels[8000:])))
            model.train()

    return trained(model, adam(), images[:examples], labels[:examples], steps=steps, after=after)


# -- other tasks ---------------------------------------------------------------------------------------------


def regression(scale=None):
    inputs, targets = table()
    return trained(perceptron(20, 64, 64, 1), adam(), inputs if scale is None else inputs * scale, targets, F.mse_loss)


def factors():
    """Ratings, as products of an embedding of the user and one of the film."""
    users, films = torch.randint(0, 200, (20000,)), torch.randint(0, 300, (20000,))
    ratings = (torch.randn(200, 4)[users] * torch.randn(300, 4)[films]).sum(1) / 2 + 0.3 * torch.randn(20000)
    model = nn.ModuleDict({"user": nn.Embedding(200, 8), "film": nn.Embedding(300, 8)})
    for part in model.values():
        nn.init.normal_(part.weight, 0, 0.1)
    model.forward = lambda x: (model["user"](x[:, 0]) * model["film"](x[:, 1])).sum(1)
    return trained(model, adam(1e-2), torch.stack([users, films], 1), ratings, F.mse_loss, 600, 128)


def bandit():
    """A policy gradient: the loss says nothing of how well it goes."""
    model = perceptron(4, 32, 4, activation=nn.Tanh)
    stepper = torch.optim.Adam(model.parameters(), lr=3e-3)
    with watch(model, stepper) as recorder:
        for _ in range(400):
            seen = torch.randn(32, 4)
            chance = torch.distributions.Categorical(logits=model(seen))
            chosen = chance.sample()
            reward = (chosen == (seen[:, 0] > 0) + 2 * (seen[:, 1] > 0)).float()
            loss = -((reward - reward.mean()) * chance.log_prob(chosen)).mean() - 0.01 * chance.entropy().mean()
            stepper.zero_grad()
            loss.backward()
            stepper.step()
    return rules.judge(recorder.run)


def values():
    """Values of states, learned from a copy of the network that follows it."""
    model = perceptron(8, 64, 64, 4)
    copied = copy.deepcopy(model)
    stepper = torch.optim.Adam(model.parameters(), lr=5e-4)
    with watch(model, stepper) as recorder:
        for step in range(400):
            state, action = torch.randn(64, 8), torch.randint(0, 4, (64,))
            reward = torch.tanh(state[:, 0]) * (action == 1) + 0.1 * torch.randn(64)
            with torch.no_grad():
                target = reward + 0.9 * copied(torch.tanh(state + 0.3 * action[:, None])).amax(1)
            loss = F.smooth_l1_loss(model(state).gather(1, action[:, None])[:, 0], target)
            stepper.zero_grad()
            loss.backward()
            stepper.step()
            if step % 50 == 0:
                copied.load_state_dict(model.state_dict())
    return rules.judge(recorder.run)
