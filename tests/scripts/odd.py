"""Trainings with something unusual about them, chosen by the argument."""

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


def compiled_model():
    forward = torch.compile(model, backend="eager")
    train(sgd(), lambda: F.cross_entropy(forward(x), y))


def compiled_model_in_one_graph():
    forward = torch.compile(model, backend="eager", fullgraph=True)
    train(sgd(), lambda: F.cross_entropy(forward(x), y))


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
