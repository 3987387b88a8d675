"""The cases: healthy trainings, and faults, each a healthy training with one thing wrong.

A control is a script and its options. A fault names the control it is made from and the options that break it, its
cause (the rule that should name it), the layers it is in, and the step it begins at. Which half a case belongs to is
decided by its family, its script: `setting` may be looked at when thresholds are set, `unseen` may not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from controls import CONTROLS

FOLDER = Path(__file__).parent
HALVES = {
    "setting": ("mlp", "cnn", "rnn", "regression", "factors", "policy"),
    "unseen": ("resnet", "transformer", "autoencoder", "binary", "contrastive", "gan", "finetune"),
}


@dataclass(frozen=True)
class Case:
    """One training, and what is to be said of it."""

    name: str
    script: str
    options: tuple[str, ...]
    cause: str | None = None  # the rule that should name it; None for a healthy training
    also: tuple[str, ...] = ()  # consequences that may be named too
    where: tuple[str, ...] = ()  # the layers it is in; empty where it is in none of them or in all
    step: int = 0  # it begins here
    control: str = ""  # the healthy training it is made from
    mild: bool = False  # does no clear harm: information is enough

    @property
    def half(self) -> str:
        """Whether it may be looked at when thresholds are set."""
        return next(half for half, families in HALVES.items() if self.script in families)

    @property
    def needs(self) -> str:
        """The variable of the environment that says where its data lie; empty where they come with a package."""
        return "MNIST_DIR" if "mnist" in self.options else ""


# What each ailment may bring about; nobody who names one of these beside the cause is wrong.
_OF_RATE = ("dead-units", "saturated-units", "exploding-gradients", "vanishing-gradients", "diverging-loss",
            "no-progress", "non-finite", "layers-disagree", "labels-unrelated", "norm-statistics-drift")  # fmt: skip
_OF_START = ("learning-rate-too-high", "learning-rate-too-low", "overconfident-init", *_OF_RATE)
CONSEQUENCES: dict[str, tuple[str, ...]] = {
    "learning-rate-too-high": _OF_RATE,
    "learning-rate-too-low": ("no-progress", "labels-unrelated", "norm-statistics-drift"),
    "layers-disagree": ("learning-rate-too-low", "no-progress"),
    "overconfident-init": ("learning-rate-too-high", *_OF_RATE),
    "weight-scale": _OF_START,
    "symmetric-init": (*_OF_START, "weight-scale", "frozen-parameters"),
    "saturated-units": (
        "vanishing-gradients",
        "learning-rate-too-low",
        "layers-disagree",
        "no-progress",
        "weight-scale",
        "labels-unrelated",
    ),
    "dead-units": (
        "vanishing-gradients",
        "learning-rate-too-low",
        "layers-disagree",
        "no-progress",
        "weight-scale",
        "labels-unrelated",
        "frozen-parameters",
    ),
    "vanishing-gradients": (
        "learning-rate-too-low",
        "layers-disagree",
        "no-progress",
        "labels-unrelated",
        "saturated-units",
    ),
    "exploding-gradients": ("learning-rate-too-high", "overconfident-init", *_OF_RATE),
    "bias-before-norm": (),
    "small-batch-norm": (
        "norm-statistics-drift",
        "learning-rate-too-high",
        "exploding-gradients",
        "diverging-loss",
        "no-progress",
    ),
    "norm-statistics-drift": (),
    "eval-mode-in-training": ("norm-statistics-drift", *_OF_START),
    "frozen-parameters": ("no-progress", "labels-unrelated", "learning-rate-too-low"),
    "gradients-not-zeroed": ("learning-rate-too-high", *_OF_RATE),
    "softmax-before-cross-entropy": ("learning-rate-too-low", "no-progress", "vanishing-gradients", "labels-unrelated"),
    "unscaled-inputs": (*_OF_START, "weight-scale"),
    "no-progress": ("labels-unrelated", "learning-rate-too-low", "vanishing-gradients"),
    "diverging-loss": ("no-progress", "non-finite", "exploding-gradients", "learning-rate-too-high"),
    "non-finite": ("diverging-loss", "no-progress"),
    "labels-unrelated": ("no-progress",),
    "overfitting": (),
    "batch-too-small": ("no-progress", "small-batch-norm"),
    "batch-too-large": (),
}


@dataclass(frozen=True)
class Wrong:
    """A control, and the options that break it."""

    control: str
    change: str
    where: str = ""
    step: int = 0
    also: str = ""
    mild: bool = False


FAULTS: dict[str, tuple[Wrong, ...]] = {
    "learning-rate-too-high": (
        Wrong("mlp", "--lr 1"),
        Wrong("mlp-sgd", "--lr 10"),
        Wrong("mlp-tanh-sgd", "--lr 5"),
        Wrong("mlp-rmsprop", "--lr 0.3"),
        Wrong("mlp-deep-momentum", "--lr 0.5"),
        Wrong("mlp-batch-norm-sgd", "--lr 100"),
        Wrong("mlp-gelu-layer", "--lr 0.1"),
        Wrong("mlp-deep", "--spike 200 1000", step=200),
        Wrong("mlp-momentum", "--rise 250 100", step=250),
        Wrong("cnn-momentum", "--lr 0.5"),
        Wrong("cnn", "--lr 0.1"),
        Wrong("rnn-gru", "--lr 0.3"),
        Wrong("rnn-plain", "--lr 0.1"),
        Wrong("regression-sgd", "--lr 1"),
        Wrong("regression", "--lr 1"),
        Wrong("factors-tanh", "--lr 0.5"),
        Wrong("resnet", "--lr 1"),
        Wrong("resnet-momentum", "--lr 5"),
        Wrong("transformer", "--lr 0.1"),
        Wrong("transformer-rows", "--lr 0.03"),
        Wrong("transformer-warmup", "--lr 0.3"),
        Wrong("autoencoder", "--lr 0.3"),
        Wrong("autoencoder-momentum", "--lr 10"),
        Wrong("autoencoder-deep", "--lr 0.3"),
        Wrong("binary-digits-momentum", "--lr 1"),
        Wrong("contrastive", "--lr 0.3", mild=True),
        Wrong("binary-digits", "--rise 200 1000", step=200),
    ),
    "learning-rate-too-low": (
        Wrong("mlp", "--lr 1e-6"),
        Wrong("mlp", "--lr 1e-5"),
        Wrong("mlp", "--lr 5e-5"),
        Wrong("mlp-sgd", "--lr 1e-4"),
        Wrong("mlp-sgd", "--lr 1e-3"),
        Wrong("mlp-tanh-sgd", "--lr 1e-3"),
        Wrong("mlp-cosine", "--lr 1e-4"),
        Wrong("cnn", "--lr 1e-5"),
        Wrong("cnn-sgd", "--lr 5e-4"),
        Wrong("rnn-gru", "--lr 3e-5"),
        Wrong("regression-sgd", "--lr 1e-4"),
        Wrong("factors-deep", "--lr 1e-5"),
        Wrong("resnet", "--lr 1e-5"),
        Wrong("resnet-momentum", "--lr 1e-4"),
        Wrong("transformer", "--lr 1e-5"),
        Wrong("transformer-warmup", "--lr 3e-5"),
        Wrong("autoencoder", "--lr 1e-5"),
        Wrong("autoencoder-sgd", "--lr 1e-2"),
        Wrong("binary-digits-rmsprop", "--lr 1e-6"),
        Wrong("contrastive", "--lr 1e-5"),
    ),
    "layers-disagree": (
        Wrong("mlp-batch-norm", "--layer-gain 3 300", "3"),
        Wrong("mlp-batch-norm-sgd", "--layer-gain 0 30", "0"),
        Wrong("mlp-deep", "--layer-gain 4 30 6 0.03", "4 6", mild=True),
        Wrong("mlp-deep-momentum", "--layer-gain 2 30 4 0.03", "2 4", mild=True),
        Wrong("cnn-batch-norm-momentum", "--depth 3 --layer-gain 4 100", "4"),
        Wrong("regression-batch-norm", "--depth 3 --layer-gain 3 1000", "3"),
        Wrong("regression-deep", "--layer-gain 4 50 6 0.02", "4 6", mild=True),
        Wrong("resnet-no-norm", "--layer-gain blocks.0.conv1 50 blocks.0.conv2 0.02", "blocks.0", mild=True),
        Wrong("autoencoder-batch-norm", "--layer-gain 3 300", "3", mild=True),
        Wrong("autoencoder-deep", "--layer-gain 2 50 4 0.02", "2 4", mild=True),
        Wrong("binary-digits-momentum", "--depth 4 --layer-gain 2 30 4 0.03", "2 4", mild=True),
        Wrong("contrastive-momentum", "--depth 4 --layer-gain 2 30 4 0.03", "2 4", mild=True),
    ),
    "overconfident-init": (
        Wrong("mlp", "--head-gain 100"),
        Wrong("mlp", "--head-gain 30", mild=True),
        Wrong("mlp-tanh-sgd", "--head-gain 30"),
        Wrong("mlp-letters", "--head-gain 30"),
        Wrong("cnn", "--head-gain 30"),
        Wrong("cnn-batch-norm", "--head-gain 20"),
        Wrong("rnn-gru", "--head-gain 100"),
        Wrong("regression", "--head-gain 300"),
        Wrong("resnet", "--head-gain 30", mild=True),
        Wrong("transformer", "--head-gain 30", mild=True),
        Wrong("transformer-tied", "--spread 1", mild=True),
        Wrong("binary-digits", "--head-gain 100", mild=True),
        Wrong("binary-tanh", "--head-gain 100", mild=True),
    ),
    "weight-scale": (
        Wrong("mlp-deep", "--gain 0.3"),
        Wrong("mlp-deep", "--gain 10"),
        Wrong("mlp-deep-momentum", "--gain 0.4 --lr 0.02"),
        Wrong("mlp-deep-tanh-xavier", "--gain 0.5"),
        Wrong("mlp-leaky", "--gain 0.2"),
        Wrong("regression-deep", "--gain 0.2", mild=True),
        Wrong("regression-deep", "--gain 8"),
        Wrong("cnn-sgd", "--depth 4 --gain 0.1"),
        Wrong("binary-deep", "--gain 0.2", mild=True),
        Wrong("binary-deep", "--gain 10"),
        Wrong("autoencoder-deep", "--gain 0.2"),
        Wrong("autoencoder-deep", "--gain 8"),
        Wrong("contrastive-cold", "--depth 5 --gain 0.2"),
    ),
    "symmetric-init": (
        Wrong("mlp", "--constant 0.02"),
        Wrong("mlp-sgd", "--constant 0.1"),
        Wrong("mlp-tanh", "--constant 0.05"),
        Wrong("cnn", "--constant 0.05"),
        Wrong("rnn-plain", "--constant 0.05"),
        Wrong("regression", "--constant 0.05"),
        Wrong("resnet-no-norm", "--constant 0.02"),
        Wrong("autoencoder", "--constant 0.02"),
        Wrong("binary-digits", "--constant 0.05"),
        Wrong("binary-sgd", "--constant 0"),
        Wrong("contrastive", "--constant 0.03"),
    ),
    "unscaled-inputs": (
        Wrong("mlp", "--input-scale 100"),
        Wrong("mlp-sgd", "--input-scale 40"),
        Wrong("mlp-bright-sgd", "--input-scale 255"),
        Wrong("mlp-bright", "--input-scale 0.004"),
        Wrong("mlp-tanh", "--input-scale 40"),
        Wrong("cnn", "--input-scale 300"),
        Wrong("cnn-momentum", "--input-scale 30"),
        Wrong("rnn-sgd", "--input-scale 100"),
        Wrong("regression", "--input-spread 4"),
        Wrong("regression-sgd", "--input-scale 30"),
        Wrong("regression-diabetes", "--input-shift 100"),
        Wrong("autoencoder", "--input-scale 100"),
        Wrong("binary", "--input-spread 4"),
        Wrong("binary-sgd", "--input-scale 300"),
        Wrong("binary-logistic", "--input-spread 3"),
        Wrong("contrastive", "--input-scale 255", mild=True),
        Wrong("transformer-rows", "--input-scale 0.002"),
    ),
    "softmax-before-cross-entropy": (
        Wrong("mlp", "--softmax softmax", mild=True),
        Wrong("mlp-sgd", "--softmax softmax"),
        Wrong("mlp-letters", "--softmax sigmoid"),
        Wrong("cnn", "--softmax softmax"),
        Wrong("cnn-batch-norm", "--softmax sigmoid"),
        Wrong("rnn-gru", "--softmax softmax"),
        Wrong("resnet", "--softmax softmax", mild=True),
        Wrong("transformer-rows", "--softmax softmax"),
        Wrong("binary", "--softmax sigmoid", mild=True),
        Wrong("binary-digits-momentum", "--softmax sigmoid"),
        Wrong("finetune-all", "--softmax softmax"),
    ),
    "frozen-parameters": (
        Wrong("mlp", "--forgotten 0 2 --width 16", "0 2"),
        Wrong("mlp-tanh", "--detached 4", "0 2 4"),
        Wrong("mlp-sgd", "--no-rate 0 2 --width 16", "0 2"),
        Wrong("cnn", "--forgotten 0 3", "0 3"),
        Wrong("cnn-batch-norm", "--detached 4", "0 4"),
        Wrong("rnn-gru", "--forgotten recurrent", "recurrent"),
        Wrong("regression", "--detached 2", "0 2"),
        Wrong("factors-plain", "--forgotten things", "things"),
        Wrong("resnet", "--forgotten blocks", "blocks.0 blocks.1"),
        Wrong("transformer", "--detached blocks.1.down", "blocks.1", mild=True),
        Wrong("transformer", "--no-rate blocks letters", "blocks letters"),
        Wrong("autoencoder", "--detached 4", "0 2 4"),
        Wrong("autoencoder", "--forgotten 0 2 4", "0 2 4"),
        Wrong("binary-digits", "--no-rate 0 2 --width 8", "0 2"),
        Wrong("contrastive", "--forgotten 0 2 --width 16", "0 2"),
    ),
    "gradients-not-zeroed": (
        Wrong("mlp-sgd", "--keep-gradients"),
        Wrong("mlp", "--keep-gradients"),
        Wrong("mlp-momentum", "--keep-gradients"),
        Wrong("cnn", "--keep-gradients"),
        Wrong("rnn-gru", "--keep-gradients"),
        Wrong("regression-sgd", "--keep-gradients"),
        Wrong("resnet-momentum", "--keep-gradients"),
        Wrong("transformer", "--keep-gradients"),
        Wrong("autoencoder", "--keep-gradients"),
        Wrong("binary-digits-momentum", "--keep-gradients"),
        Wrong("contrastive-momentum", "--keep-gradients"),
    ),
    "saturated-units": (
        Wrong("mlp-tanh", "--gain 15"),
        Wrong("mlp-tanh-sgd", "--gain 8"),
        Wrong("mlp-tanh-sgd", "--layer-gain 2 30", "2", mild=True),
        Wrong("mlp-sigmoid", "--gain 60"),
        Wrong("mlp-letters", "--gain 10", mild=True),
        Wrong("regression-tanh", "--gain 15"),
        Wrong("factors-tanh", "--gain 30"),
        Wrong("autoencoder-tanh", "--gain 15"),
        Wrong("binary-tanh", "--data digits --gain 15"),
        Wrong("binary-tanh", "--data digits --layer-gain 2 40", "2", mild=True),
        Wrong("autoencoder-sigmoid", "--gain 60"),
        Wrong("contrastive-tanh", "--gain 20"),
    ),
    "dead-units": (
        Wrong("mlp", "--bias 0 -10 0.95", "0"),
        Wrong("mlp", "--bias 2 -20 1.0", "2"),
        Wrong("mlp-sgd", "--bias 2 -10 0.95", "2"),
        Wrong("mlp-deep", "--bias 4 -10 0.95", "4"),
        Wrong("cnn", "--bias 3 -20 0.9", "3"),
        Wrong("regression", "--bias 2 -10 0.97", "2"),
        Wrong("regression-sgd", "--bias 0 -15 0.97", "0"),
        Wrong("autoencoder", "--bias 0 -20 0.9", "0"),
        Wrong("resnet-no-norm", "--bias blocks.0.conv1 -20 1.0", "blocks.0.conv1", mild=True),
        Wrong("binary-digits", "--bias 0 -20 0.95", "0"),
        Wrong("binary-deep", "--data digits --bias 4 -10 0.97", "4", mild=True),
        Wrong("contrastive", "--bias 2 -20 0.9", "2"),
    ),
    "vanishing-gradients": (
        Wrong("mlp-deep-momentum", "--activation sigmoid"),
        Wrong("mlp-sgd", "--activation sigmoid --depth 4"),
        Wrong("mlp-sgd", "--activation sigmoid --depth 6"),
        Wrong("mlp-momentum", "--activation gelu --depth 8", also="weight-scale"),
        Wrong("regression-momentum", "--activation sigmoid --depth 5"),
        Wrong("regression-sgd", "--activation sigmoid --depth 4"),
        Wrong("binary-digits-momentum", "--activation sigmoid --depth 5"),
        Wrong("binary-sgd", "--activation sigmoid --depth 5 --data digits"),
        Wrong("autoencoder-momentum", "--activation sigmoid --depth 3"),
        Wrong("contrastive-momentum", "--activation sigmoid --depth 5"),
        Wrong("rnn-plain", "--data pixels --optimizer sgd --lr 0.1 --steps 200"),
    ),
    "exploding-gradients": (
        Wrong("mlp-sgd", "--outlier 200 1e4", step=200),
        Wrong("mlp-momentum", "--outlier 150 1e3", step=150),
        Wrong("mlp-deep-momentum", "--outlier 250 300", step=250),
        Wrong("cnn-momentum", "--outlier 200 1e3", step=200),
        Wrong("rnn-relu", "--data pixels --layer-gain recurrent 3 --optimizer sgd --lr 0.05 --steps 100"),
        Wrong("regression-sgd", "--outlier 200 1e3", step=200),
        Wrong("autoencoder-momentum", "--outlier 200 1e3", step=200),
        Wrong("binary-digits-momentum", "--outlier 200 1e4", step=200),
        Wrong("resnet-no-norm", "--outlier 150 1e4 --optimizer momentum --lr 0.02", step=150),
        Wrong("contrastive-momentum", "--gain 12 --depth 4"),
    ),
    "bias-before-norm": (
        Wrong("mlp-batch-norm", "--norm-bias", "0 3 6", mild=True),
        Wrong("mlp-batch-norm-sgd", "--norm-bias", "0 3 6", mild=True),
        Wrong("cnn-batch-norm", "--norm-bias", "0 4", mild=True),
        Wrong("cnn-batch-norm-momentum", "--norm-bias", "0 4", mild=True),
        Wrong("regression-batch-norm", "--norm-bias", "0 3", mild=True),
        Wrong("resnet", "--norm-bias", "blocks.0 blocks.1", mild=True),
        Wrong("resnet-momentum", "--norm-bias", "blocks.0 blocks.1", mild=True),
        Wrong("autoencoder-batch-norm", "--norm-bias", "0 3 7 10", mild=True),
        Wrong("binary-digits-norm", "--norm-bias", "0 3 6", mild=True),
        Wrong("contrastive-norm", "--norm-bias", "0 3", mild=True),
    ),
    "small-batch-norm": (
        Wrong("mlp-batch-norm", "--batch 2"),
        Wrong("mlp-batch-norm", "--batch 4"),
        Wrong("mlp-batch-norm-sgd", "--batch 3 --lr 0.05"),
        Wrong("cnn-batch-norm", "--batch 2"),
        Wrong("cnn-batch-norm-momentum", "--batch 2 --lr 0.01"),
        Wrong("cnn-batch-norm", "--batch 4", mild=True),
        Wrong("regression-batch-norm", "--batch 4"),
        Wrong("resnet", "--batch 1"),
        Wrong("resnet", "--batch 2"),
        Wrong("resnet-momentum", "--batch 3 --lr 0.01"),
        Wrong("autoencoder-batch-norm", "--batch 4"),
        Wrong("binary-digits-norm", "--batch 2"),
        Wrong("binary-digits-norm", "--batch 6"),
        Wrong("contrastive-norm", "--batch 3"),
    ),
    "norm-statistics-drift": (
        Wrong("mlp-batch-norm", "--norm-momentum 1e-4"),
        Wrong("mlp-batch-norm-sgd", "--norm-momentum 1e-3 --steps 1100"),
        Wrong("mlp-batch-norm", "--sorted", also="diverging-loss"),
        Wrong("cnn-batch-norm", "--norm-momentum 1e-3"),
        Wrong("cnn-batch-norm-momentum", "--sorted", also="diverging-loss"),
        Wrong("regression-batch-norm", "--norm-momentum 1e-4 --steps 1100 --input-shift 3"),
        Wrong("resnet", "--norm-momentum 1e-4"),
        Wrong("resnet-momentum", "--norm-momentum 1e-3 --batch 8 --steps 1100"),
        Wrong("resnet", "--sorted", also="diverging-loss"),
        Wrong("autoencoder-batch-norm", "--norm-momentum 1e-4 --steps 1100 --width 24"),
        Wrong("binary-digits-norm", "--sorted", also="diverging-loss"),
        Wrong("contrastive-norm", "--norm-momentum 1e-4"),
    ),
    "eval-mode-in-training": (
        Wrong("mlp-batch-norm", "--eval-from 0"),
        Wrong("mlp-batch-norm-sgd", "--log 20 --eval-from 20", step=20),
        Wrong("mlp-dropout", "--examples 200 --eval-from 0 --steps 1500"),
        Wrong("mlp-batch-norm-dropout", "--log 100 --eval-from 99", step=100, mild=True),
        Wrong("cnn-batch-norm", "--eval-from 0", mild=True),
        Wrong("cnn-batch-norm-momentum", "--log 50 --eval-from 49", step=50, mild=True),
        Wrong("regression-batch-norm", "--eval-from 0", mild=True),
        Wrong("resnet", "--eval-from 0"),
        Wrong("resnet-momentum", "--log 30 --eval-from 29", step=30, mild=True),
        Wrong("autoencoder-batch-norm", "--eval-from 0", mild=True),
        Wrong("transformer-dropout", "--log 100 --eval-from 99", step=100, mild=True),
        Wrong("binary-digits-norm", "--log 50 --eval-from 49", step=50, mild=True),
    ),
    "no-progress": (
        Wrong("mlp-sgd", "--restart-every 5"),
        Wrong("mlp", "--restart-every 20"),
        Wrong("mlp-momentum", "--decay 1"),
        Wrong("cnn", "--restart-every 3"),
        Wrong("rnn-gru", "--restart-every 5"),
        Wrong("regression-sgd", "--decay 2"),
        Wrong("resnet-momentum", "--decay 3 --lr 0.02"),
        Wrong("autoencoder", "--restart-every 5"),
        Wrong("transformer", "--restart-every 5"),
        Wrong("binary-digits-momentum", "--decay 1"),
        Wrong("contrastive-momentum", "--restart-every 2"),
    ),
    "diverging-loss": (
        Wrong("mlp-sgd", "--ascend-from 0 --lr 0.01"),
        Wrong("mlp", "--ascend-from 200", step=200),
        Wrong("mlp-momentum", "--wrong-from 250", step=250),
        Wrong("cnn", "--ascend-from 300 --lr 3e-4", step=300),
        Wrong("rnn-gru", "--wrong-from 150", step=150),
        Wrong("regression", "--ascend-from 100", step=100),
        Wrong("regression-sgd", "--wrong-from 200", step=200),
        Wrong("resnet", "--wrong-from 150", step=150),
        Wrong("transformer", "--ascend-from 100", step=100),
        Wrong("autoencoder", "--ascend-from 200", step=200),
        Wrong("autoencoder-momentum", "--wrong-from 200", step=200),
        Wrong("binary-digits", "--wrong-from 200", step=200),
    ),
    "non-finite": (
        Wrong("mlp", "--missing 1"),
        Wrong("mlp-sgd", "--empty-at 150", step=150),
        Wrong("cnn", "--missing 5"),
        Wrong("rnn-gru", "--empty-at 200", step=200),
        Wrong("regression", "--missing 1"),
        Wrong("regression-batch-norm", "--empty-at 5", step=5),
        Wrong("resnet", "--empty-at 100", step=100),
        Wrong("transformer", "--empty-at 0"),
        Wrong("autoencoder", "--missing 1"),
        Wrong("binary", "--missing 1"),
        Wrong("binary-digits-momentum", "--empty-at 300", step=300),
    ),
    "labels-unrelated": (
        Wrong("mlp-sgd", "--shuffled 1 --width 16 --steps 800"),
        Wrong("mlp", "--shuffled 1 --width 8 --steps 800 --lr 2e-3"),
        Wrong("mlp-letters", "--shuffled 1"),
        Wrong("mlp-mnist", "--shuffled 1 --width 16 --steps 600"),
        Wrong("cnn-momentum", "--shuffled 1 --steps 600 --width 4"),
        Wrong("rnn-names", "--shuffled 1 --steps 600"),
        Wrong("regression-sgd", "--shuffled 1 --width 16 --steps 800"),
        Wrong("regression", "--shuffled 1 --width 12 --steps 600"),
        Wrong("factors-sgd", "--shuffled 1 --lr 0.1"),
        Wrong("resnet", "--shuffled 1 --steps 600"),
        Wrong("resnet-momentum", "--shuffled 1 --steps 600 --lr 0.02"),
        Wrong("transformer-rows", "--shuffled 1 --steps 600"),
        Wrong("binary-digits", "--shuffled 1 --width 12 --steps 600"),
        Wrong("binary-digits-momentum", "--shuffled 1 --width 16 --steps 800"),
        Wrong("contrastive", "--shuffled 1 --steps 600"),
    ),
    "overfitting": (
        Wrong("mlp", "--examples 100 --shuffled 0.2 --log 50 --steps 800", step=100),
        Wrong("mlp", "--examples 200 --log 50 --shuffled 0.3 --steps 1200", step=150),
        Wrong("mlp-momentum", "--examples 100 --shuffled 0.3 --log 50", step=100),
        Wrong("cnn", "--examples 150 --shuffled 0.3 --log 50 --steps 800", step=200),
        Wrong("rnn-gru", "--examples 100 --shuffled 0.3 --log 40 --steps 500", step=150),
        Wrong("regression-diabetes", "--width 128 --depth 2 --log 50 --steps 800", step=50),
        Wrong("regression", "--examples 60 --log 50 --steps 800", step=100),
        Wrong("resnet", "--examples 100 --shuffled 0.3 --log 30", step=60),
        Wrong("transformer-rows", "--examples 100 --shuffled 0.3 --log 50 --steps 600", step=150),
        Wrong("binary-digits", "--examples 150 --shuffled 0.2 --log 50 --steps 1000", step=150),
        Wrong("binary", "--examples 60 --shuffled 0.2 --width 128 --log 50 --steps 800", step=50),
        Wrong("autoencoder", "--examples 40 --log 50 --steps 1200 --lr 3e-3", step=300),
    ),
    "batch-too-small": (
        Wrong("mlp-sgd", "--batch 4 --steps 3000", mild=True),
        Wrong("mlp-momentum", "--batch 2 --lr 0.01 --steps 3000"),
        Wrong("cnn-sgd", "--batch 1 --lr 0.05 --steps 1000"),
        Wrong("regression-sgd", "--batch 2 --steps 3000", mild=True),
        Wrong("binary-digits-momentum", "--batch 1 --lr 0.01 --steps 2000"),
        Wrong("autoencoder-sgd", "--batch 1 --steps 1500"),
        Wrong("binary-digits", "--batch 4 --lr 5e-3 --steps 2000", mild=True),
    ),
    "batch-too-large": (
        Wrong("mlp", "--batch 20000 --steps 40", mild=True),
        Wrong("mlp-sgd", "--batch 10000 --steps 60", mild=True),
        Wrong("cnn-sgd", "--batch 4000 --steps 30", mild=True),
        Wrong("regression", "--batch 30000 --steps 60", mild=True),
        Wrong("autoencoder", "--batch 10000 --steps 40", mild=True),
        Wrong("binary", "--batch 20000 --steps 80", mild=True),
        Wrong("transformer-rows", "--batch 1437 --steps 25", mild=True),
    ),
}


def _case(cause: str, wrong: Wrong) -> Case:
    script, *options = f"{CONTROLS[wrong.control]} {wrong.change}".split()
    name = f"{cause}/{wrong.control}/{re.sub(r'[^a-z0-9.-]+', '-', wrong.change.replace('--', ''))}"
    also = (*CONSEQUENCES[cause], *wrong.also.split())
    return Case(
        name, script, tuple(options), cause, also, tuple(wrong.where.split()), wrong.step, wrong.control, wrong.mild
    )


def _all() -> Iterator[Case]:
    for name, line in CONTROLS.items():
        script, *options = line.split()
        yield Case(f"healthy/{name}", script, tuple(options), control=name)
    for cause, faults in FAULTS.items():
        for wrong in faults:
            yield _case(cause, wrong)


CASES: dict[str, Case] = {case.name: case for case in _all()}
