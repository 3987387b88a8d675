"""What the scripts share: their options, the optimizer, the schedule, and the loop."""

import argparse
import contextlib
import copy

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

import wrong

OPTIMIZERS = {
    "sgd": lambda groups, a: torch.optim.SGD(groups, a.lr, weight_decay=a.decay),
    "momentum": lambda groups, a: torch.optim.SGD(groups, a.lr, momentum=0.9, weight_decay=a.decay),
    "nesterov": lambda groups, a: torch.optim.SGD(groups, a.lr, momentum=0.9, nesterov=True, weight_decay=a.decay),
    "adagrad": lambda groups, a: torch.optim.Adagrad(groups, a.lr, weight_decay=a.decay),
    "adam": lambda groups, a: torch.optim.Adam(groups, a.lr, weight_decay=a.decay),
    "adamw": lambda groups, a: torch.optim.AdamW(groups, a.lr, weight_decay=a.decay or 0.01),
    "rmsprop": lambda groups, a: torch.optim.RMSprop(groups, a.lr, weight_decay=a.decay),
    "sparse-adam": lambda groups, a: torch.optim.SparseAdam(groups, a.lr),
}
ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "gelu": nn.GELU, "silu": nn.SiLU,
               "leaky": nn.LeakyReLU, "elu": nn.ELU, "hardtanh": nn.Hardtanh}  # fmt: skip


def options(**defaults):
    """The command line, and the seed set. `defaults` are the script's own, and options that only it has."""
    p = argparse.ArgumentParser()
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--data", default="digits")
    p.add_argument("--steps", type=int, default=500)
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--loader", action="store_true", help="shuffled epochs in place of random batches")
    p.add_argument("--width", type=int, default=64)
    p.add_argument("--depth", type=int, default=2)
    p.add_argument("--activation", default="relu", choices=ACTIVATIONS)
    p.add_argument("--norm", default="none", choices=("none", "batch", "layer", "group"))
    p.add_argument("--norm-bias", action="store_true", help="keep the bias of layers before a batch norm")
    p.add_argument("--norm-momentum", type=float, default=0.1)
    p.add_argument("--dropout", type=float, default=0.0)
    p.add_argument("--optimizer", default="adam", choices=OPTIMIZERS)
    p.add_argument("--lr", type=float, default=1e-3)
    p.add_argument("--decay", type=float, default=0.0)
    p.add_argument("--schedule", default="none", choices=("none", "warmup", "cosine", "one-cycle", "steps"))
    p.add_argument("--clip", type=float, default=0.0)
    p.add_argument("--accumulate", type=int, default=1)
    p.add_argument("--smoothing", type=float, default=0.0)
    p.add_argument("--bf16", action="store_true", help="autocast to bfloat16")
    p.add_argument("--log", type=int, default=0, metavar="N", help="the held-out loss every N steps")
    wrong.add_options(p)
    for name, value in defaults.items():
        if not any(name == a.dest for a in p._actions):
            p.add_argument(f"--{name.replace('_', '-')}", type=type(value))
    p.set_defaults(**defaults)
    args = p.parse_args()
    torch.manual_seed(args.seed)
    return args


def norm(args, width, pictures=False):
    """The normalisation of `width` features or channels, in a list; none, where none is wanted."""
    if args.norm == "batch":
        return [(nn.BatchNorm2d if pictures else nn.BatchNorm1d)(width, momentum=args.norm_momentum)]
    if args.norm == "group" or (args.norm == "layer" and pictures):
        return [nn.GroupNorm(4 if args.norm == "group" else 1, width)]
    return [nn.LayerNorm(width)] if args.norm == "layer" else []


def has_bias(args):
    """Whether the layers before a normalisation have a bias."""
    return args.norm != "batch" or args.norm_bias


def perceptron(args, inputs, outputs):
    """Hidden layers, each with its norm and activation, and an output layer."""
    layers = []
    for _ in range(args.depth):
        layers += [nn.Linear(inputs, args.width, bias=has_bias(args)), *norm(args, args.width)]
        layers += [ACTIVATIONS[args.activation](), *([nn.Dropout(args.dropout)] if args.dropout else [])]
        inputs = args.width
    return nn.Sequential(*layers, nn.Linear(inputs, outputs))


def classify(args):
    """The loss of a classifier."""
    return lambda scores, y: F.cross_entropy(scores, y, label_smoothing=args.smoothing)


def log(step, **numbers):
    """Say how it goes."""
    print(f"step {step}: " + ", ".join(f"{name} {value:.4f}" for name, value in numbers.items()))


def batches(args, data):
    """Batches without end."""
    if args.loader:
        loader = DataLoader(TensorDataset(data.x, data.y), args.batch, shuffle=True, drop_last=True)
        while True:
            yield from loader
    of_class = [(data.y == c).nonzero().flatten() for c in range(data.classes)] if args.sorted else []
    while True:
        pool = of_class[torch.randint(len(of_class), ())] if of_class else torch.arange(len(data.x))
        some = pool[torch.randint(0, len(pool), (args.batch,))]
        yield data.x[some], data.y[some]


def schedule(args, optimizer):
    """The learning rate's course."""
    s = torch.optim.lr_scheduler
    if args.schedule == "warmup":
        return s.LambdaLR(optimizer, lambda step: min(1.0, (step + 1) / (0.1 * args.steps)))
    if args.schedule == "cosine":
        return s.CosineAnnealingLR(optimizer, args.steps)
    if args.schedule == "one-cycle":
        return s.OneCycleLR(optimizer, args.lr, total_steps=args.steps + 1)
    return s.StepLR(optimizer, args.steps // 3 if args.schedule == "steps" else args.steps + 1, 0.1)


def train(args, model, data, loss, held=None, prepare=None):
    """Train, and print the held-out loss before and after.

    loss: of the model's output and the targets. held: the loss to be judged by, where it is another one.
    prepare: what makes a batch (x, y) ready, such as two views of it.
    """
    held = held or loss
    model, held = wrong.with_model(args, model, held)
    prepare = prepare or (lambda x, y: (x, y))
    optimizer = OPTIMIZERS[args.optimizer](wrong.groups(args, model), args)
    scheduler = schedule(args, optimizer)
    started = copy.deepcopy(model.state_dict())
    print(f"before {evaluate(model, data, held, prepare):.5f}")
    source = batches(args, data)
    for step in range(args.steps):
        for _ in range(args.accumulate):
            x, y = wrong.batch(args, step, *next(source))
            x, y = prepare(x, y)
            with torch.autocast("cpu", torch.bfloat16) if args.bf16 else contextlib.nullcontext():
                value = wrong.loss(args, step, loss(model(x), y))
            (value / args.accumulate).backward()
        if args.clip:
            nn.utils.clip_grad_norm_(model.parameters(), args.clip)
        with wrong.rate(args, step, optimizer):
            optimizer.step()
        scheduler.step()
        if not args.keep_gradients:
            optimizer.zero_grad()
        if args.restart_every and step % args.restart_every == args.restart_every - 1:
            model.load_state_dict(started)
        if args.log and step % args.log == args.log - 1:
            log(step, loss=float(value), valid_loss=evaluate(model, data, held, prepare))
            wrong.mode(args, step, model)
        elif args.eval_from is not None:
            wrong.mode(args, step, model)
    print(f"after {evaluate(model, data, held, prepare):.5f}")


def evaluate(model, data, held, prepare):
    """The mean loss on the examples that were kept for it; the model goes back to training."""
    model.eval()
    with torch.no_grad():
        x, y = prepare(data.held_x, data.held_y)
        value = float(held(model(x), y))
    model.train()
    return value
