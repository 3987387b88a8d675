"""`Callback`: what may act on a fit while it goes on, at events that have names."""

from __future__ import annotations

import difflib
import inspect
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import torch

from auscult.errors import LearnerError

if TYPE_CHECKING:
    from auscult.learner.fit import Fit

EVENTS = (
    "before_fit", "before_epoch", "before_train", "before_batch", "after_pred", "after_loss", "before_backward",
    "after_backward", "before_step", "after_step", "after_batch", "after_train", "before_validate", "after_validate",
    "after_epoch", "after_fit",
)  # fmt: skip
_NEAR = 0.8  # as alike as this, a method's name is an event's, misspelt


class Callback:
    """Base of what acts on a fit: override the events you want; each gets the fit going on.

    The order of a fit's events, indented by what repeats:

        before_fit
            before_epoch, before_train
                before_batch, after_pred, after_loss, before_backward, after_backward, before_step, after_step,
                after_batch
            after_train, before_validate, after_validate, after_epoch
        after_fit

    before_step and after_step come once for the batches that accumulate into one step, the validation events only
    where there is a validation split, and after_fit always, however the fit ended (`fit.error`). An event returns
    nothing. What a callback wants of the fit it asks for: `fit.stop(why)`, `fit.skip_step()`; every other callback
    hears the event before that happens.

    A method whose name begins like an event's or nearly is one, and that is none, raises LearnerError when the class
    is made; so does an event that does not take exactly (self, fit).

    order: callbacks are told by rising order, and as they were given where it is the same.
    in_lr_find: whether a copy of it takes part in `lr_find`; for what changes the gradients or the forward pass.
    """

    order: int = 0
    in_lr_find: bool = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name, member in vars(cls).items():
            if callable(member) and not name.startswith("_"):
                _check_event(cls, name, member)

    # -- the events ---------------------------------------------------------------------------------------------

    def before_fit(self, fit: Fit) -> None:
        """The fit begins; a checkpoint is resumed after this, so that what it holds counts."""

    def before_epoch(self, fit: Fit) -> None:
        """An epoch begins."""

    def before_train(self, fit: Fit) -> None:
        """The model is in training mode, and no batch has been read."""

    def before_batch(self, fit: Fit) -> None:
        """`fit.inputs` and `fit.targets` are on the device."""

    def after_pred(self, fit: Fit) -> None:
        """`fit.outputs` is there."""

    def after_loss(self, fit: Fit) -> None:
        """`fit.loss` is there; what it is made to be here is what is trained on and shown."""

    def before_backward(self, fit: Fit) -> None:
        """Backward is about to be called."""

    def after_backward(self, fit: Fit) -> None:
        """The gradients of this batch are added, still scaled where mixed precision scales them."""

    def before_step(self, fit: Fit) -> None:
        """The optimizer is about to step, by the gradients as they are: unscaled, of all batches of the step."""

    def after_step(self, fit: Fit) -> None:
        """The optimizer has stepped, and the gradients are zeroed."""

    def after_batch(self, fit: Fit) -> None:
        """The batch is done."""

    def after_train(self, fit: Fit) -> None:
        """Every batch of the epoch is done; `fit.train_loss` is its mean."""

    def before_validate(self, fit: Fit) -> None:
        """The validation split is about to be evaluated."""

    def after_validate(self, fit: Fit) -> None:
        """The validation split is evaluated: `fit.scores`."""

    def after_epoch(self, fit: Fit) -> None:
        """The epoch's row is in the table: `fit.row`."""

    def after_fit(self, fit: Fit) -> None:
        """The fit is over, however it ended: `fit.error`, `fit.stopped`."""

    # -- beside the events --------------------------------------------------------------------------------------

    def forward_context(self, device: torch.device) -> AbstractContextManager[Any]:
        """What the forward pass and the loss run under, in training, evaluation and prediction."""
        return nullcontext()

    def state(self) -> dict[str, Any]:
        """What a checkpoint keeps of it: numbers, texts, tensors, and lists and dicts of these; nothing by default."""
        return {}

    def load_state(self, state: dict[str, Any]) -> None:
        """Become what gave this state."""


def in_order(callbacks: list[Callback]) -> list[Callback]:
    """Sorted by `order`; those of the same order as they were given."""
    return sorted(callbacks, key=lambda c: c.order)


def names_of(callbacks: list[Callback]) -> dict[str, Callback]:
    """Each by its class's name, the second of a class as `Name.1`, and so on."""
    named: dict[str, Callback] = {}
    for callback in callbacks:
        title = type(callback).__name__
        number = sum(type(c).__name__ == title for c in named.values())
        named[f"{title}.{number}" if number else title] = callback
    return named


def _check_event(cls: type, name: str, member: Any) -> None:
    if name not in EVENTS:
        near = difflib.get_close_matches(name, EVENTS, 1, _NEAR)
        if name not in vars(Callback) and (near or name.startswith(("before_", "after_", "on_"))):
            meant = (near or difflib.get_close_matches(name, EVENTS, 1, 0))[0]
            raise LearnerError(
                f"{cls.__name__}.{name} is no event; did you mean {meant}? A method of your own takes another name, or "
                "one with an underscore before it"
            )
        return
    if inspect.isfunction(member):
        try:
            inspect.signature(member).bind(None, None)
        except TypeError:
            raise LearnerError(
                f"{cls.__name__}.{name} takes {inspect.signature(member)}; an event takes (self, fit)"
            ) from None
