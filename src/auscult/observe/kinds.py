"""What kind of parameter a tensor is: bands and rules judge a matrix, an embedding, a bias and a gain differently."""

from __future__ import annotations

from torch import Tensor, nn

from auscult.observe.graph import Use
from auscult.observe.naming import Named
from auscult.runs.facts import Kind


def kind_of(tensor: Tensor, named: Named, use: Use = "other") -> Kind:
    """Matrix, embedding, bias or gain: by the module that owns it, by how the loss uses it and by its shape.

    A table of rows picked by index is an embedding, whatever module holds it (`self.C[x]`), also where it is tied.
    A tensor with at most one axis longer than 1 is a vector, unless it is multiplied as a matrix or belongs to a layer
    of PyTorch's, or is a module's `weight` of several axes that was drawn at random: that may be scaled before it is
    multiplied. A vector of ones at the start is a gain.
    """
    if isinstance(named.owner, (nn.Embedding, nn.EmbeddingBag)):
        return "embedding"
    if tensor.ndim == 2 and use == "looked-up":
        return "embedding"
    owned = named.owner is not None and type(named.owner).__module__.startswith("torch.nn")
    if sum(length > 1 for length in tensor.shape) > 1 or (tensor.ndim > 1 and (owned or use == "multiplied")):
        return "matrix"
    if "bias" in (named.attribute or named.name).lower():
        return "bias"
    begins_alike = bool((tensor.detach() == tensor.detach().flatten()[:1]).all())
    if named.owner is not None and named.attribute == "weight":
        return "gain" if tensor.ndim < 2 or begins_alike else "matrix"
    return "gain" if bool((tensor.detach() == 1).all()) else "bias"
