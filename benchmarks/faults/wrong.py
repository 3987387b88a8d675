"""What can go wrong in a training: each option one mistake, none of them on by default."""

import contextlib

import torch
from torch import nn
from torch.nn import functional as F

WEIGHTED = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.RNNBase)
HEAD_FIRST = ("head",)  # names of output layers that are not the last to be made


def add_options(p):
    """The mistakes, as options."""
    p.add_argument("--examples", type=int, help="only so many")
    p.add_argument("--input-scale", type=float, default=1.0)
    p.add_argument("--input-shift", type=float, default=0.0)
    p.add_argument("--input-spread", type=float, default=0.0, help="decades between the scales of the features")
    p.add_argument("--target-shift", type=int, default=0)
    p.add_argument("--target-scale", type=float, default=1.0)
    p.add_argument("--missing", type=int, default=0, help="so many examples have a value that is NaN")
    p.add_argument("--shuffled", type=float, default=0.0, help="share of the labels that belong to other examples")
    p.add_argument("--sorted", action="store_true", help="each batch of one class")
    p.add_argument("--gain", type=float, default=1.0, help="factor on the weights of all hidden layers")
    p.add_argument("--head-gain", type=float, default=1.0, help="factor on the weights of the output layer")
    p.add_argument("--layer-gain", nargs="+", default=(), metavar="LAYER FACTOR", help="on the weights of these")
    p.add_argument("--constant", type=float, default=None, help="all weights of the hidden layers this value")
    p.add_argument("--bias", nargs=3, default=None, metavar=("LAYER", "VALUE", "SHARE"), help="of a layer's units")
    p.add_argument("--softmax", default=None, choices=("softmax", "sigmoid"), help="after the output layer")
    p.add_argument("--detached", default=None, metavar="LAYER", help="what this layer gives is detached")
    p.add_argument("--forgotten", nargs="+", default=(), metavar="LAYER", help="not given to the optimizer")
    p.add_argument("--no-rate", nargs="+", default=(), metavar="LAYER", help="a group of learning rate 0")
    p.add_argument("--half", action="store_true", help="weights in bfloat16")
    p.add_argument("--keep-gradients", action="store_true", help="never set them back to zero")
    p.add_argument("--eval-from", type=int, default=None, metavar="STEP", help="eval mode is never left again")
    p.add_argument("--restart-every", type=int, default=0, metavar="N", help="the first weights are put back")
    p.add_argument("--spike", nargs=2, type=float, default=None, metavar=("STEP", "FACTOR"), help="of the rate, once")
    p.add_argument(
        "--rise", nargs=2, type=float, default=None, metavar=("STEP", "FACTOR"), help="of the rate, for good"
    )
    p.add_argument("--outlier", nargs=2, type=float, default=None, metavar=("STEP", "FACTOR"),
                   help="one batch is so many times too large, and every hundredth after it")  # fmt: skip
    p.add_argument("--wrong-from", type=int, default=None, metavar="STEP", help="labels of other examples from there")
    p.add_argument("--ascend-from", type=int, default=None, metavar="STEP", help="the loss has the wrong sign")
    p.add_argument("--empty-at", type=int, default=None, metavar="STEP", help="the mean of an empty mask")


def weighted(model):
    """The layers with weights, by name; the output layer last."""
    found = [(n, m) for n, m in model.named_modules() if isinstance(m, WEIGHTED)]
    return dict(sorted(found, key=lambda item: item[0] in HEAD_FIRST))


def matrices(layer):
    """The weights of a layer without its biases."""
    return [p for n, p in layer.named_parameters(recurse=False) if p.ndim > 1]


@torch.no_grad()
def with_model(args, model, held):
    """The model with the mistakes made to it, and what judges it."""
    layers = weighted(model)
    if not layers:
        return model, held
    *hidden, head = layers.values()
    for weight in (w for layer in hidden for w in matrices(layer)):
        weight.mul_(args.gain)
    if args.constant is not None:
        for layer in hidden:
            for p in layer.parameters(recurse=False):
                p.fill_(args.constant if p.ndim > 1 else 0.0)
    head.weight.mul_(args.head_gain)
    for name, factor in zip(args.layer_gain[::2], args.layer_gain[1::2], strict=True):
        for weight in matrices(layers[name]):
            weight.mul_(float(factor))
    if args.bias:
        name, value, share = args.bias
        bias = layers[name].bias
        bias[: round(float(share) * len(bias))] = float(value)
    if args.detached:
        layers[args.detached].register_forward_hook(lambda module, inputs, output: output.detach())
    if args.half:
        model.to(torch.bfloat16)
        model.register_forward_pre_hook(lambda m, xs: tuple(x.bfloat16() if x.is_floating_point() else x for x in xs))
        model.register_forward_hook(lambda m, xs, y: y.float())
    if args.softmax == "softmax":
        return nn.Sequential(model, nn.Softmax(-1)), lambda p, y: F.nll_loss(p.clamp_min(1e-8).log(), y)
    if args.softmax == "sigmoid" and held is F.binary_cross_entropy_with_logits:
        return nn.Sequential(model, nn.Sigmoid()), F.binary_cross_entropy
    if args.softmax == "sigmoid":
        return nn.Sequential(model, nn.Sigmoid()), lambda p, y: F.nll_loss(
            (p / p.sum(-1, True)).clamp_min(1e-8).log(), y
        )
    return model, held


def groups(args, model):
    """The parameters to give to the optimizer."""
    if not args.forgotten and not args.no_rate:
        return [p for p in model.parameters() if p.requires_grad]
    mine = [p for n, p in model.named_parameters() if not n.startswith((*args.forgotten, *args.no_rate))]
    still = [p for n, p in model.named_parameters() if args.no_rate and n.startswith(tuple(args.no_rate))]
    return [{"params": mine}, *([{"params": still, "lr": 0.0}] if still else [])]


def batch(args, step, x, y):
    """A batch, with what is wrong with it at this step."""
    if args.outlier and step >= args.outlier[0] and (step - args.outlier[0]) % 100 == 0:
        if x.is_floating_point():
            x = x * args.outlier[1]
        else:
            y = y * args.outlier[1]
    if args.wrong_from is not None and step >= args.wrong_from:
        y = y[torch.randperm(len(y))]
    return x, y


def loss(args, step, value):
    """The loss, with what is wrong with it at this step."""
    if args.ascend_from is not None and step >= args.ascend_from:
        return -value
    return value * value.new_ones(0).mean() if step == args.empty_at else value


@contextlib.contextmanager
def rate(args, step, optimizer):
    """The learning rate of this step; the one before it afterwards."""
    factor = 1.0
    if args.spike and step == args.spike[0]:
        factor = args.spike[1]
    if args.rise and step >= args.rise[0]:
        factor = args.rise[1]
    before = [group["lr"] for group in optimizer.param_groups]
    for group in optimizer.param_groups:
        group["lr"] *= factor
    yield
    for group, lr in zip(optimizer.param_groups, before, strict=True):
        group["lr"] = lr


def mode(args, step, model):
    """Eval mode, where it is never left again."""
    if args.eval_from is not None and step >= args.eval_from:
        model.eval()
