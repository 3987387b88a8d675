"""What the batch size does to two small networks on MNIST's digits: the study of docs/batch-size.md.

    python benchmarks/batch_size.py t10k-images-idx3-ubyte.gz t10k-labels-idx1-ubyte.gz
    python benchmarks/batch_size.py IMAGES LABELS --quick    a few minutes

8,000 digits to train on, 2,000 to validate. Broken off, it goes on where it was.
"""

from __future__ import annotations

import argparse

import torch.nn.functional as F  # noqa: N812 - as everyone writes it
from torch import nn

from auscult import studies
from auscult.learner import Task, accuracy
from auscult.recipes import mnist


def cnn(images: str, labels: str) -> Task:
    """Three convolutions with ReLU and max-pooling, then two dense layers: 25,034 parameters, no normalisation."""
    return _task("CNN", images, labels, _cnn)


def mlp(images: str, labels: str) -> Task:
    """Two hidden layers of 100 ReLU units: 89,610 parameters."""
    return _task("MLP", images, labels, _mlp)


def _task(name: str, images: str, labels: str, model) -> Task:
    data = mnist.task(images, labels, train=8000, valid=2000)
    return Task(name, data.train, data.valid, None, model, F.cross_entropy, (accuracy,))


def _cnn() -> nn.Module:
    layers: list[nn.Module] = []
    for a, b in ((1, 8), (8, 16), (16, 32)):
        layers += [nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(32 * 9, 64), nn.ReLU(), nn.Linear(64, 10))


def _mlp() -> nn.Module:
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 100), nn.ReLU(), nn.Linear(100, 10)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("images")
    parser.add_argument("labels")
    parser.add_argument("--quick", action="store_true", help="fewer epochs, seeds and batch sizes")
    parser.add_argument("--workers", type=int)
    parser.add_argument("--dir", default="auscult-runs")
    asked = parser.parse_args()
    for task, batches, lrs, points in ((mlp, (32, 64, 128, 256, 512), (0.1, 0.01), 21), (cnn, (32, 256), (0.1,), 11)):
        print(f"\n{task.__name__.upper()}: {task.__doc__}\n")
        page = studies.batch_size(
            task,
            (32, 256) if asked.quick else batches,
            lr=lrs[:1] if asked.quick else lrs,
            epochs=6 if asked.quick else 20,
            seeds=2 if asked.quick else 5,
            points=points,
            task_options={"images": asked.images, "labels": asked.labels},
            dir=f"{asked.dir}/study-{task.__name__}",
            executor=studies.Processes(asked.workers),
        )
        print(page)
        print(page.report())


if __name__ == "__main__":
    main()
