"""What eigenvalues, trace and spectrum of a Hessian cost beside PyHessian and curvlinops, and how exact they come out.

    python benchmarks/curvature.py            about forty minutes
    python benchmarks/curvature.py --quick    about five
    pip install pyhessian curvlinops-for-pytorch    for their columns; what is not installed is left out

A small network and a small CNN with batch norms, briefly trained on made-up digits, then fixed; the same parameters and
data for all, whole data in several batches or in one. The contenders take turns in changing order; each time is held
against auscult's of the same round. Times are those of the processor, which other programs do not lengthen. What is
exact is known from a long run of SciPy's eigsh on float64 products, and a contender that was asked for a tolerance is
shown with the error that it reached.
"""

from __future__ import annotations

import argparse
import copy
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from scipy.sparse.linalg import LinearOperator, eigsh
from torch import Tensor, nn
from torch.nn import functional

from auscult.curvature import Objective, eigen, spectrum, trace

OWN = "auscult"
K, STARTS, STEPS = 5, 4, 50
Batches = list[tuple[Tensor, Tensor]]


def peers() -> dict[str, Any]:
    """The other tools that are installed."""
    found: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import pyhessian  # type: ignore[import-not-found]

            found["PyHessian"] = pyhessian
        except ImportError:
            print("PyHessian is not installed: its columns are left out")
        try:
            import curvlinops  # type: ignore[import-not-found]

            found["curvlinops"] = curvlinops
        except ImportError:
            print("curvlinops is not installed: its columns are left out")
    return found


def digits(count: int, side: int) -> tuple[Tensor, Tensor]:
    """Ten blurred shapes with noise, (count, 1, side, side), and their numbers."""
    g = torch.Generator().manual_seed(0)
    shapes = functional.interpolate(torch.randn(10, 1, 7, 7, generator=g), size=(side, side), mode="bilinear")
    labels = torch.randint(0, 10, (count,), generator=g)
    return shapes[labels] + torch.randn(count, 1, side, side, generator=g), labels


def mlp() -> tuple[nn.Module, Tensor, Tensor]:
    x, y = digits(1000, 8)
    layers = [nn.Linear(64, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 10)]
    return nn.Sequential(nn.Flatten(), *layers), x, y


def cnn() -> tuple[nn.Module, Tensor, Tensor]:
    def block(i: int, o: int) -> list[nn.Module]:
        return [nn.Conv2d(i, o, 3, padding=1), nn.BatchNorm2d(o), nn.ReLU(), nn.MaxPool2d(2)]

    x, y = digits(256, 28)
    return nn.Sequential(*block(1, 8), *block(8, 16), nn.Flatten(), nn.Linear(784, 10)), x, y


def trained(make: Callable[[], tuple[nn.Module, Tensor, Tensor]], epochs: int) -> tuple[nn.Module, Tensor, Tensor]:
    torch.manual_seed(0)
    model, x, y = make()
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    for _ in range(epochs):
        for at in torch.randperm(len(x)).split(64):
            optimizer.zero_grad()
            functional.cross_entropy(model(x[at]), y[at]).backward()
            optimizer.step()
    return model.eval(), x, y


class Shared:
    """One model and its data for all contenders."""

    def __init__(self, model: nn.Module, batches: Batches, found: dict[str, Any]) -> None:
        self.model, self.batches, self.found = model, batches, found
        self.size = sum(p.numel() for p in model.parameters())

    def objective(self) -> Objective:
        return Objective(self.model, self.batches, functional.cross_entropy)

    def pyhessian(self) -> Any:
        one = {"data": self.batches[0]} if len(self.batches) == 1 else {"dataloader": self.batches}
        self.model.zero_grad()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return self.found["PyHessian"].hessian(self.model, functional.cross_entropy, **one, cuda=False)

    def curvlinops(self) -> Any:
        parameters = list(self.model.parameters())
        made = self.found["curvlinops"].HessianLinearOperator
        return made(self.model, nn.CrossEntropyLoss(), parameters, self.batches, check_deterministic=False)

    def exact(self) -> np.ndarray:
        """The K eigenvalues largest in magnitude, from products in float64."""
        wide = [(x.double(), y) for x, y in self.batches]
        with Objective(copy.deepcopy(self.model).double(), wide, functional.cross_entropy).hessian() as h:
            operator = LinearOperator(
                (h.size, h.size), dtype=np.float64, matvec=lambda v: (h @ torch.from_numpy(v.reshape(-1))).numpy()
            )
            values = eigsh(operator, K, which="LM", tol=1e-10, return_eigenvectors=False)
        return values[np.argsort(-np.abs(values))]


def eigenvalue_runs(shared: Shared, tolerance: float) -> dict[str, Callable[[], tuple[np.ndarray, int]]]:
    """The top eigenvalues by each, and the products they took."""

    def own() -> tuple[np.ndarray, int]:
        found = eigen(shared.objective(), K, tolerance=tolerance)
        return np.array(found.values), found.products

    def power() -> tuple[np.ndarray, int]:
        h = shared.pyhessian()
        counted = _counting(h, "dataloader_hv_product") if h.full_dataset else _counting_one(shared)
        values, _ = h.eigenvalues(maxIter=200, tol=tolerance, top_n=K)
        return np.array(values), counted()

    def arpack() -> tuple[np.ndarray, int]:
        operator = shared.curvlinops()
        counted = _counting(operator, "_matmat")
        values = eigsh(operator.to_scipy(), K, which="LM", tol=tolerance, return_eigenvectors=False)
        return values[np.argsort(-np.abs(values))], counted()

    return _installed(shared, {OWN: own, "PyHessian": power, "curvlinops": arpack})


def trace_runs(shared: Shared, probes: int) -> dict[str, Callable[[], tuple[float, int]]]:
    """The trace by each from as many Rademacher probes, so to the same standard error."""

    def own() -> tuple[float, int]:
        found = trace(shared.objective(), probes=probes)
        return found.value, found.products

    def hutchinson() -> tuple[float, int]:
        return float(np.mean(shared.pyhessian().trace(maxIter=probes, tol=0.0))), probes

    def theirs() -> tuple[float, int]:
        made = shared.found["curvlinops"].hutchinson_trace(shared.curvlinops(), probes)
        return float(made), probes

    return _installed(shared, {OWN: own, "PyHessian": hutchinson, "curvlinops": theirs})


def spectrum_runs(shared: Shared) -> dict[str, Callable[[], tuple[float, int]]]:
    """The density from as many starts and steps, and the largest node."""

    def own() -> tuple[float, int]:
        return spectrum(shared.objective(), starts=STARTS, steps=STEPS).highest, STARTS * STEPS

    def theirs() -> tuple[float, int]:
        nodes, _ = shared.pyhessian().density(iter=STEPS, n_v=STARTS)
        return float(np.max(nodes)), STARTS * STEPS

    return _installed(shared, {OWN: own, "PyHessian": theirs})


def _installed(shared: Shared, runs: dict[str, Any]) -> dict[str, Any]:
    return {name: run for name, run in runs.items() if name == OWN or name in shared.found}


def _counting(thing: Any, name: str) -> Callable[[], int]:
    """Count the columns or calls that go through a method."""
    calls, method = [0], getattr(thing, name)

    def counted(*args: Any, **kwargs: Any) -> Any:
        calls[0] += 1
        return method(*args, **kwargs)

    setattr(thing, name, counted)
    return lambda: calls[0]


def _counting_one(shared: Shared) -> Callable[[], int]:
    inner = sys.modules["pyhessian.hessian"]
    original = getattr(inner, "_original", inner.hessian_vector_product)  # type: ignore[attr-defined]
    inner._original, inner.hessian_vector_product = original, original  # type: ignore[attr-defined]
    return _counting(inner, "hessian_vector_product")


def old_eig(matrix: Tensor, eigenvectors: bool = True) -> tuple[Tensor, Tensor]:
    """What PyHessian calls and torch no longer has, for symmetric matrices."""
    values, vectors = torch.linalg.eigh(matrix)
    return torch.stack([values, torch.zeros_like(values)], 1), vectors


def timed(runs: dict[str, Callable[[], Any]], rounds: int) -> tuple[dict[str, list[float]], dict[str, Any]]:
    """Seconds of each, round by round, in changing order, and what the last gave."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    made: dict[str, Any] = {}
    order = list(runs)
    for _ in range(rounds):
        for name in order:
            begun = time.process_time()
            made[name] = runs[name]()
            times[name].append(time.process_time() - begun)
        order = [*order[1:], order[0]]
    return times, made


def show(title: str, runs: dict[str, Callable[[], Any]], rounds: int, error: Callable[[Any], str]) -> None:
    times, made = timed(runs, rounds)
    for name in runs:
        ratio = statistics.median(a / b for a, b in zip(times[name], times[OWN], strict=True))
        found, products = made[name]
        row = [title, name, f"{statistics.median(times[name]):.2f} s", f"{ratio:.2f} ×", f"{products:,}", error(found)]
        print(f"| {' | '.join(row)} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--quick", action="store_true", help="fewer rounds and probes, one tolerance, only the data in batches"
    )
    parser.add_argument("--threads", type=int, default=1, help="torch threads (default 1)")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    rounds, probes, cuts = (2, 32, (4,)) if options.quick else (5, 100, (1, 4))
    found = peers()
    if not hasattr(torch, "eig") or "removed" in (torch.eig.__doc__ or "removed"):
        torch.eig = old_eig  # type: ignore[attr-defined]
    print(f"torch {torch.__version__}, {options.threads} thread(s), {rounds} rounds\n")
    print("| what | by | time | / auscult | products | how exact |")
    print("|---|---|---|---|---|---|")
    warnings.simplefilter("ignore")
    for name, make in (("MLP", mlp), ("CNN", cnn)):
        model, x, y = trained(make, 3)
        for count in cuts:
            batches = list(zip(x.chunk(count), y.chunk(count), strict=True))
            shared = Shared(model, batches, found)
            exact = shared.exact()
            where = f"{name} of {shared.size:,}, {len(x)} examples in {count}"

            def off(values: np.ndarray, exact: np.ndarray = exact) -> str:
                away = np.abs(np.sort(values)[::-1] - np.sort(exact)[::-1]) / np.abs(exact[0])
                return f"λ₁ off by {away[0]:.0e}, worst of {K} by {away.max():.0e}"

            for tolerance in (1e-3,) if options.quick else (1e-3, 1e-6):
                show(f"{where}: top {K}, tolerance {tolerance:g}", eigenvalue_runs(shared, tolerance), rounds, off)
            sure = trace(shared.objective(), probes=probes * 3, seed=1)
            unit = sure.error * 3**0.5

            def away(value: float, sure: Any = sure, unit: float = unit) -> str:
                return f"{value:.4g} ({abs(value - sure.value) / unit:.1f} standard errors of {unit:.2g} off)"

            show(f"{where}: trace, {probes} probes", trace_runs(shared, probes), rounds, away)

            def top(value: float, exact: np.ndarray = exact) -> str:
                return f"largest node off by {abs(value - exact.max()) / exact.max():.0e}"

            show(f"{where}: spectrum, {STARTS} starts of {STEPS}", spectrum_runs(shared), rounds, top)


if __name__ == "__main__":
    main()
