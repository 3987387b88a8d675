"""Trainings with something unusual about them, chosen by the argument."""

import copy
import io
import os
import sys
import threading

import torch
import torch.nn.functional as F
from _fingerprint import fingerprint
from torch import nn

torch.manual_seed(0)
STEPS = 40
model = nn.Sequential(nn.Linear(16, 32), nn.GELU(), nn.Linear(32, 32), nn.ReLU(inplace=True), nn.Linear(32, 4))
x, y = torch.randn(8, 16), torch.randint(0, 4, (8,))


def train(optimizer, loss=lambda: F.cross_entropy(model(x), y), step=None):
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss().backward()
        (step or optimizer.step)()


def sgd():
    return torch.optim.SGD(model.parameters(), 1e-2)


def graphs_counted(full=False):
    graphs = []
    net = nn.Sequential(nn.Linear(16, 32), nn.BatchNorm1d(32), nn.Tanh(), nn.Dropout(0.1), nn.Linear(32, 4))
    forward = torch.compile(net, backend=lambda g, _: graphs.append(g) or g.forward, fullgraph=full)
    train(torch.optim.SGD(net.parameters(), 1e-2), lambda: F.cross_entropy(forward(x), y))
    print("graphs", len(graphs))
    fingerprint(net.state_dict())


def graphs_counted_in_one():
    graphs_counted(full=True)


def compiled_for_real():
    forward = torch.compile(model, backend="aot_eager")
    train(sgd(), lambda: F.cross_entropy(forward(x), y))


def copied_and_saved():
    """An average of the weights kept in a deep copy, and the whole model saved, in the middle of everything."""
    optimizer, average, saved = sgd(), copy.deepcopy(model), []
    for step in range(STEPS):
        optimizer.zero_grad()
        out = model(x)
        loss = F.cross_entropy(out, y)
        if step % 7 == 0:
            file = io.BytesIO()
            torch.save(model, file)
            saved.append(len(file.getvalue()))
            file.seek(0)
            torch.load(file, weights_only=False)(x)
            average = copy.deepcopy(average)
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            for a, p in zip(average.parameters(), model.parameters(), strict=True):
                a.lerp_(p, 0.1)
    print(saved)
    fingerprint(average.state_dict())


def tied():
    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            self.tokens, self.inner, self.head = nn.Embedding(16, 8), nn.Linear(8, 8), nn.Linear(8, 16, bias=False)
            self.head.weight = self.tokens.weight

        def forward(self, x):
            for _ in range(3):
                x = torch.tanh(self.inner(x if x.is_floating_point() else self.tokens(x)))
            return {"logits": self.head(x), "hidden": (x, None)}

    net, tokens = Tied(), torch.randint(0, 16, (8, 5))
    optimizer = torch.optim.AdamW(net.parameters(), 1e-2)
    train(optimizer, lambda: F.cross_entropy(net(tokens)["logits"].flatten(0, 1), tokens.flatten()))
    fingerprint(net.state_dict(), optimizer.state_dict())


def evaluated_between():
    norm = nn.Sequential(nn.Linear(16, 8), nn.BatchNorm1d(8), nn.ReLU(inplace=True), nn.Dropout(0.5), nn.Linear(8, 4))
    optimizer = torch.optim.SGD(norm.parameters(), 1e-2)
    layer = nn.TransformerEncoderLayer(4, 2, 8, batch_first=True).eval()
    for _ in range(STEPS):
        optimizer.zero_grad()
        F.cross_entropy(norm.train()(x), y).backward()
        optimizer.step()
        with torch.no_grad():
            print(norm.eval()(x).sum().item(), layer(x.view(8, 4, 4)).sum().item())
    fingerprint(norm.state_dict())


def compiled_optimizer_step():
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    train(optimizer, step=torch.compile(optimizer.step, backend="eager"))


def compiled_training_step():
    optimizer = sgd()

    @torch.compile(backend="eager")
    def step():
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()

    for _ in range(STEPS):
        step()


def compiled_gradients():
    parameters = list(model.parameters())

    @torch.compile(backend="eager")
    def ask():
        return torch.autograd.grad(F.cross_entropy(model(x), y), parameters)

    for i in range(STEPS):
        if i % 2:
            gradients = ask()
        else:
            gradients = torch.autograd.grad(F.cross_entropy(model(x), y), parameters)
        with torch.no_grad():
            for p, g in zip(parameters, gradients, strict=True):
                p -= 0.01 * g
    print("graphs", torch._dynamo.utils.counters["stats"]["unique_graphs"])


def start_process_group():
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(20_000 + os.getpid() % 30_000))
    torch.distributed.init_process_group("gloo", rank=0, world_size=1)


def distributed_data_parallel():
    start_process_group()
    parallel = nn.parallel.DistributedDataParallel(model)
    train(torch.optim.SGD(parallel.parameters(), 1e-2), lambda: F.cross_entropy(parallel(x), y))
    torch.distributed.destroy_process_group()


def sharded():
    from torch.distributed.fsdp import fully_shard

    start_process_group()
    fully_shard(model)
    train(torch.optim.AdamW(model.parameters(), 1e-2))
    for name, p in model.named_parameters():
        print(name, p.to_local().sum().item())
    torch.distributed.destroy_process_group()
    sys.exit()


def checkpointed():
    from torch.utils.checkpoint import checkpoint

    train(sgd(), lambda: F.cross_entropy(checkpoint(model, x, use_reentrant=False), y))


def checkpointed_the_old_way():
    from torch.utils.checkpoint import checkpoint

    train(sgd(), lambda: F.cross_entropy(checkpoint(model, x.clone().requires_grad_(), use_reentrant=True), y))


def offloaded():
    def loss():
        with torch.autograd.graph.save_on_cpu():
            return F.cross_entropy(model(x), y)

    train(sgd(), loss)


def autocast():
    def loss():
        with torch.autocast("cpu", torch.bfloat16):
            return F.cross_entropy(model(x), y)

    train(sgd(), loss)


def gradient_penalty():
    def loss():
        point = x.clone().requires_grad_()
        out = model(point).pow(2).mean()
        (g,) = torch.autograd.grad(out, point, create_graph=True)
        return out + g.pow(2).sum()

    train(sgd(), loss)


def made_at_first_use():
    global model
    model = nn.Sequential(nn.LazyLinear(32), nn.ReLU(), nn.LazyLinear(4))
    model(x)
    train(sgd())


def loop_under_no_grad():
    for _ in range(STEPS):
        F.cross_entropy(model(x), y).backward()
        with torch.no_grad():
            for p in model.parameters():
                p.sub_(0.1 * p.grad)
                p.grad.zero_()


def in_a_thread():
    thread = threading.Thread(target=lambda: train(sgd()))
    thread.start()
    thread.join()


def workers():
    from torch.utils.data import DataLoader, TensorDataset

    optimizer = sgd()
    data = TensorDataset(x.repeat(8, 1), y.repeat(8))
    for _ in range(5):
        for xb, yb in DataLoader(data, batch_size=8, num_workers=2):
            optimizer.zero_grad()
            F.cross_entropy(model(xb), yb).backward()
            optimizer.step()


globals()[sys.argv[1]]()
fingerprint(model.state_dict())
