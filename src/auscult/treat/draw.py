"""`initialise`: every layer drawn for the activation that really follows it, then measured and corrected on data."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from auscult.anatomy import NORMS, Site
from auscult.anatomy.passes import Model, Step
from auscult.stats import wide
from auscult.treat.branches import branch_ends, summands
from auscult.treat.correction import TARGET, Wish, bring_to_scale, norm_works
from auscult.treat.measure import Reading
from auscult.treat.output import make_small
from auscult.treat.patient import Patient, unharmed
from auscult.treat.scale import ideal_std, scale
from auscult.treat.treatment import LeftAlone, Treatment
from auscult.treat.weights import Weights, blank_biases, changed_since, copies, weights_of

_ABSURD = (1e-3, 10.0)  # spreads of an embedding beyond which it is brought to 1
_ROUNDS = 3  # where a tied output layer changes the network's input


def initialise(
    model: Model,
    batch: Any,
    loss: Callable[..., Tensor] | None = None,
    *,
    step: Step | None = None,
    keep: bool = False,
    base_rate: bool = False,
    generator: torch.Generator | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Treatment:
    """Draw the weights anew, in place, so that the signal passes every layer and the first loss is a guess's.

    Weights of linear layers and convolutions come from N(0, (gain/√fan_in)²) with the gain of the activation that
    really follows (LeCun et al. 1998; He et al. 2015; `auscult.runs.start.GAINS`), 1 in front of a norm or of nothing;
    hidden biases are 0. The last layer of each of N residual branches is drawn 1/√N as large (Radford et al. 2019,
    GPT-2); so are n layers whose outputs are added to one another's, with 1/√n. Norms begin with gain 1, bias 0 and
    fresh running statistics.

    Then the batch decides. In the order of the forward pass each layer's output gets spread 1, less where that would
    saturate 4.5 % of its activation's elements (at .97); a residual branch may give less. Weights are set at right
    angles to the mean of their input where that is most of the input, as behind a sigmoid, or where it holds units
    dead. The output layer is made so small that the loss lies within .02 nats of a uniform guess's; for a regression,
    that predictions have a tenth of the targets' spread.

    Left alone and reported: frozen weights, recurrent modules, what no layer uses, embeddings unless their spread lies
    outside 1e-3 to 10. An embedding tied to the output layer is scaled with it.

    Args:
        keep: scale the weights there are instead of drawing new ones.
        base_rate: the output's bias gives the share of each class in the batch (of regression, the mean) instead of 0.
        generator: to draw from; else torch's own stream, which then moves on as with `torch.nn.init`.
        progress: called with (layers done, layers).

    The model is measured in the mode it is in: train mode is what to give. Model, batch and loss: see
    `auscult.anatomy.passes`. Raises TargetError or TreatError, the model as it was.
    """
    with unharmed(model, "initialise"):
        patient = Patient(model, batch, loss, step)
        reading = Reading(patient)
        found, left = weights_of(patient, reading)
        old, before = copies(patient), reading.state()
        ends = branch_ends(reading)
        added = {w: n for site, n in summands(reading).items() if (w := id(site.weight))}
        wishes = [_wish(reading, weights, ends, added) for weights in found]
        _begin_norms(patient, reading)
        notes = _embeddings(patient, reading, found, left, generator)
        for weights, wish in zip(found, wishes, strict=True):
            _begin(weights, wish, keep or weights.tied, generator)
            if not weights.is_output:
                blank_biases(reading, weights)
        tied = any(w.tied for w in found)
        expected = math.nan
        for number in range(_ROUNDS if tied else 1):
            for done, (weights, wish) in enumerate(zip(found, wishes, strict=True)):
                if weights.is_output:
                    expected = make_small(patient, weights, base_rate)
                elif not weights.tied and not bring_to_scale(patient, weights, wish) and number == 0:
                    notes.append(f"what {weights.name} gives cannot be seen: it was drawn by the formula alone")
                if progress is not None and number == 0:
                    progress(done + 1, len(found))
        if tied:
            notes.append("an embedding is tied to a linear layer: it was scaled, not drawn")
        after = Reading(patient).state()
        if not any(w.is_output for w in found):
            notes.append("no output layer was found: the first loss is as the last layer makes it")
        if base_rate and not math.isnan(expected):
            notes.append(f"the best constant guess on this batch has a loss of {expected:.4g}")
        return Treatment("initialise", before, after, changed_since(patient, old), tuple(left), tuple(notes))


def _wish(reading: Reading, weights: Weights, ends: set[Site], added: dict[int, int]) -> Wish:
    norm = reading.norm_after.get(weights.site)
    if norm is not None and norm_works(norm):
        return Wish(normed=True)
    if weights.site in ends:
        return Wish(TARGET / math.sqrt(len(ends)), at_most=True)
    return Wish(TARGET / math.sqrt(added.get(id(weights.tensor), 1)))


@torch.no_grad()
def _begin(weights: Weights, wish: Wish, keep: bool, generator: torch.Generator | None) -> None:
    """Draw or scale one layer's weights by the formula."""
    std = wish.std * (1 / math.sqrt(weights.fan_in) if wish.normed else ideal_std(weights))
    if not keep:
        draw(weights.tensor, std, generator)
    elif not weights.tied:
        scale(weights, std)


@torch.no_grad()
def draw(tensor: Tensor, std: float, generator: torch.Generator | None) -> None:
    """Fill a tensor from N(0, std²), on whatever device the generator is."""
    if generator is None or generator.device == tensor.device:
        tensor.normal_(0.0, std, generator=generator)
    else:
        tensor.copy_(torch.randn(tensor.shape, generator=generator, device=generator.device) * std)


@torch.no_grad()
def _begin_norms(patient: Patient, reading: Reading) -> None:
    for site in reading.anatomy.sites:
        if site.operation in NORMS and patient.name_of(site.weight) is not None:
            assert site.weight is not None
            site.weight.fill_(1)
            if site.bias is not None:
                site.bias.zero_()
    for module in patient.modules.values():
        if isinstance(module, nn.modules.batchnorm._NormBase) and _asked_to_train(module):
            module.reset_running_stats()


def _asked_to_train(module: nn.Module) -> bool:
    """A norm whose gain is frozen keeps its statistics too."""
    return all(p.requires_grad for p in module.parameters(recurse=False)) and module.training


@torch.no_grad()
def _embeddings(
    patient: Patient, reading: Reading, found: list[Weights], left: list[LeftAlone], generator: torch.Generator | None
) -> list[str]:
    """Bring embeddings of an absurd spread to 1; notes about it."""
    notes, tied = [], {id(w.tensor) for w in found}
    seen: dict[int, Tensor] = {}
    for site in reading.anatomy.sites:
        if site.operation == "embedding" and site.weight is not None and id(site.weight) not in tied:
            seen[id(site.weight)] = site.weight
    for tensor in seen.values():
        name = patient.name_of(tensor)
        std = float(wide(tensor.detach()).std()) if tensor.numel() > 1 else 1.0
        if name is None or _ABSURD[0] <= std <= _ABSURD[1]:
            continue
        if std > 0 and math.isfinite(std):
            tensor.mul_(1 / std)
        else:
            draw(tensor, 1.0, generator)
            _blank_padding(patient, tensor)
        left[:] = [one for one in left if one.name != name]
        notes.append(f"the embedding {name} had std {std:.3g}, and was brought to 1")
    return notes


def _blank_padding(patient: Patient, tensor: Tensor) -> None:
    for module in patient.modules.values():
        if (
            isinstance(module, (nn.Embedding, nn.EmbeddingBag))
            and module.weight is tensor
            and module.padding_idx is not None
        ):
            tensor[module.padding_idx] = 0
