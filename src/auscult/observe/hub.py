"""What PyTorch tells: one place that hooks into it, and passes on backward passes, steps, clipping, scaling, loaders.

Nothing is hooked while nobody listens, and everything is put back when the last listener leaves. Listeners must not
raise; they are called in the order they came.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Sequence
from types import BuiltinMethodType
from typing import Any

import torch
from torch import Tensor
from torch.nn import Module
from torch.optim import Optimizer
from torch.optim.optimizer import register_optimizer_step_post_hook, register_optimizer_step_pre_hook
from torch.utils.data import DataLoader

from auscult.anatomy import watch_hooks
from auscult.observe import threads
from auscult.observe.naming import made
from auscult.stats import memory

try:
    from torch._C._functorch import peek_interpreter_stack  # type: ignore[import-not-found]
    from torch._functorch import eager_transforms
except ImportError:  # another version of PyTorch: torch.func is not heard
    peek_interpreter_stack: Any = None
    eager_transforms: Any = None

Affine = tuple[Tensor | None, Tensor | None]


class Listener:
    """Hears what happens in PyTorch; every method does nothing unless overridden."""

    def other_thread_trains(self) -> None:
        """Another thread trains at the same time: of it nothing is told."""

    def backward_begins(self, roots: tuple[Tensor, ...]) -> None:
        """`backward` was called on these tensors and has not run yet."""

    def backward_ended(self) -> None:
        """The gradients are there."""

    def hears_gradients(self, root: Tensor, inputs: Sequence[Tensor]) -> bool:
        """Whether `torch.autograd.grad` of a loss is a backward pass of its training; it has not run yet."""
        return False

    def gradients_given(self, inputs: Sequence[Tensor], gradients: Any) -> None:
        """The backward pass that ends has given these, rather than leave them at the tensors; a tuple, or a dict."""

    def gradients_of_function(self, parameters: Any, gradients: Any, loss: Tensor) -> None:
        """`torch.func.grad` has given the gradients of a loss for a tree of tensors, in another such tree."""

    @property
    def counts_only(self) -> bool:
        """Whether of the next backward pass nothing but its loss will be read."""
        return False

    def backward_failed(self) -> None:
        """`backward` raised: there are no gradients, or some."""

    def optimizer_made(self, optimizer: Optimizer) -> None:
        """There is a new optimizer."""

    def step_begins(self, optimizer: Optimizer) -> None:
        """An optimizer is about to move its parameters."""

    def step_ended(self, optimizer: Optimizer) -> None:
        """An optimizer has moved its parameters."""

    def step_skipped(self, optimizer: Optimizer) -> None:
        """Mixed precision found a gradient that is not finite, and did not let the optimizer step."""

    def norm_taken(self, norm: Tensor) -> None:
        """Clipping has computed the norm of the gradients, and not clipped yet."""

    def loss_scaled(self, loss: Tensor, scaled: Tensor) -> None:
        """Mixed precision will call backward on `scaled` in place of `loss`."""

    def loader_begins(self, loader: DataLoader) -> None:
        """A loader starts over."""

    def weights_loaded(self, module: Module) -> None:
        """A module has been given the weights of a state_dict."""

    def loss_without_gradients(self, loss: Tensor, kind: str, summed_over: Tensor | None) -> None:
        """One of PyTorch's loss functions has computed one number that has no gradient, as a validation does.

        summed_over: the targets, where it is their sum and not their mean.
        """

    def norm_evaluated(self, x: Tensor, running: tuple[Tensor, Tensor], affine: Affine, eps: float) -> None:
        """A batch norm has normalised `x`, (examples, channels, …), by its running mean and variance.

        affine: its gains and biases, where it has any.
        """


_KINDS = {  # of the losses that are heard without a gradient; of the same names as those that are trained on
    "cross_entropy": "cross-entropy", "nll_loss": "cross-entropy",
    "binary_cross_entropy": "binary-cross-entropy", "binary_cross_entropy_with_logits": "binary-cross-entropy",
    "mse_loss": "squared-error",
    "l1_loss": "absolute-error", "smooth_l1_loss": "absolute-error", "huber_loss": "absolute-error",
}  # fmt: skip
_STEP = Optimizer.profile_hook_step(lambda: None).__code__  # of the frame in which an optimizer steps
_eagerly: Any = torch.compiler.disable  # calls a function as it is, also from code that is being compiled
_ON_GPU = torch.backends.cuda.is_built()
_listeners: tuple[Listener, ...] = ()
# of the listeners, what is called on every step: found once, since passing over a step may cost microseconds only
_backward_begins: tuple[Callable[[tuple[Tensor, ...]], None], ...] = ()
_backward_ended: tuple[Callable[[], None], ...] = ()
_step_begins: tuple[Callable[[Optimizer], None], ...] = ()
_step_ended: tuple[Callable[[Optimizer], None], ...] = ()
# of the core, what stands for `torch.autograd.backward` and for an optimizer's hooks; None where nothing does
_native_backward: Any = None
_native_before: Any = None
_native_after: Any = None
_undo: list[Callable[[], None]] = []


def is_part_of_another() -> bool:
    """Whether the step that begins is called from another's, as where a subclass calls its base's."""
    frame, steps = sys._getframe(), 0
    while frame is not None and steps < 2:
        steps += frame.f_code is _STEP
        frame = frame.f_back
    return steps == 2


def attach(listener: Listener) -> None:
    """Let a listener hear PyTorch from now on."""
    if not _listeners:
        _hook_in()
    _listen((*_listeners, listener))


def detach(listener: Listener) -> None:
    """Stop a listener hearing PyTorch; the last one out leaves PyTorch as it was."""
    _listen(tuple(other for other in _listeners if other is not listener))
    if not _listeners:
        while _undo:
            _undo.pop()()


def _listen(listeners: tuple[Listener, ...]) -> None:
    global _listeners, _backward_begins, _backward_ended, _step_begins, _step_ended
    _listeners = listeners
    _backward_begins = tuple(listener.backward_begins for listener in listeners)
    _backward_ended = tuple(listener.backward_ended for listener in listeners)
    _step_begins = tuple(listener.step_begins for listener in listeners)
    _step_ended = tuple(listener.step_ended for listener in listeners)
    _tell_native()


def _tell_native() -> None:
    """Whom the core is to tell; where one of them is heard by Python it is all left to that."""
    of_each = (
        (_native_backward, (_backward_begins, _backward_ended)),
        (_native_before, (_step_begins,)),
        (_native_after, (_step_ended,)),
    )
    for native, told in of_each:
        if native is not None:
            builtin = all(isinstance(listens, BuiltinMethodType) for listeners in told for listens in listeners)
            native.listen(*(told if builtin else (None,) * len(told)))


def _hook_in() -> None:
    global _native_before, _native_after
    # on a GPU Python asks first whether a graph is being captured, which must not be read
    _native_before, _native_after = (None if _ON_GPU else memory.hook(hook) for hook in (_before_step, _after_step))
    _undo.append(register_optimizer_step_pre_hook(_native_before or _before_step).remove)
    _undo.append(register_optimizer_step_post_hook(_native_after or _after_step).remove)
    _wrap(Optimizer, "__init__", _around_init)
    _wrap(torch.autograd, "backward", _around_backward)
    _wrap(torch.autograd, "grad", _around_grad)
    # `from torch.func import grad` binds what asks this for its gradients
    _wrap(eager_transforms, "grad_and_value_impl", _around_func_grad)
    # `from torch.nn.utils import clip_grad_norm_` binds the public function before we come, so wrap what it calls.
    _wrap(torch.nn.utils.clip_grad, "_get_total_norm", _around_total_norm)
    _undo.append(watch_hooks())
    _undo.append(threads.forget)
    _wrap(torch.amp.GradScaler, "scale", _around_scale)
    _wrap(torch.amp.GradScaler, "step", _around_scaler_step)
    _wrap(DataLoader, "__iter__", _around_iter)
    _wrap(Module, "load_state_dict", _around_load)
    for name in _KINDS:  # modules such as nn.CrossEntropyLoss call these too
        _wrap(torch.nn.functional, name, _around_loss)
    _wrap(torch.nn.functional, "batch_norm", _around_batch_norm)


def _wrap(owner: Any, name: str, around: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    """Replace `owner.name` by what `around` makes of it; undone unless someone replaced it since."""
    original = getattr(owner, name, None)
    if original is None:  # another version of PyTorch: that much is not heard
        return
    wrapper = functools.wraps(original)(around(original))

    def undo() -> None:
        if getattr(owner, name) is wrapper:
            setattr(owner, name, original)

    setattr(owner, name, wrapper)
    _undo.append(undo)


def _before_step(optimizer: Optimizer, args: Any, kwargs: Any) -> None:
    if torch.compiler.is_compiling():  # a compiled step: PyTorch breaks its graph there itself
        _eagerly(_tell)(_step_begins, optimizer)
    elif not (_ON_GPU and _is_captured()) and _steps_here():
        for begins in _step_begins:
            begins(optimizer)


def _after_step(optimizer: Optimizer, args: Any, kwargs: Any) -> None:
    if torch.compiler.is_compiling():
        _eagerly(_tell)(_step_ended, optimizer)
    elif not (_ON_GPU and _is_captured()) and _steps_here():
        for ended in _step_ended:
            ended(optimizer)


def _tell(listeners: Sequence[Callable[[Optimizer], None]], optimizer: Optimizer) -> None:
    if not (_ON_GPU and _is_captured()) and _steps_here():
        for listens in listeners:
            listens(optimizer)


def _trains_here() -> bool:
    """Whether what trains in this thread is heard."""
    heard = threads.trains_here()
    if not heard:
        for listener in _listeners:
            listener.other_thread_trains()
    return heard


def _steps_here() -> bool:
    """The same of an optimizer's step. In a backward pass on a GPU it may come from a thread of PyTorch's own."""
    return torch._C._current_graph_task_id() != -1 or _trains_here()


def _hearing() -> tuple[Listener, ...]:
    """Who is told of what may belong to a training."""
    return _listeners if threads.is_here() else ()


def _is_captured() -> bool:
    """Whether a CUDA graph is being recorded: reading anything would spoil it, and nothing is computed yet."""
    return torch.cuda.is_initialized() and torch.cuda.is_current_stream_capturing()


def _around_init(original: Callable[..., Any]) -> Callable[..., Any]:
    def init(optimizer: Optimizer, *args: Any, **kwargs: Any) -> None:
        original(optimizer, *args, **kwargs)
        made[id(optimizer)] = optimizer
        for listener in _hearing():
            listener.optimizer_made(optimizer)

    return init


def _around_backward(original: Callable[..., Any]) -> Callable[..., Any]:
    global _native_backward
    # a compiler that reads this takes the first for true; the second: inside another pass, as a checkpoint's is
    is_compiling, task = torch.compiler.is_dynamo_compiling, torch._C._current_graph_task_id

    def backward(*args: Any, **kwargs: Any) -> Any:
        if is_compiling() or task() != -1 or (_ON_GPU and _is_captured()) or not _trains_here():
            return original(*args, **kwargs)
        tensors = args[0] if args else kwargs.get("tensors", ())
        roots = (tensors,) if isinstance(tensors, Tensor) else tuple(t for t in tensors if isinstance(t, Tensor))
        for begins in _backward_begins:
            begins(roots)
        try:
            result = original(*args, **kwargs)
        except BaseException:
            failed()
            raise
        for ended in _backward_ended:
            ended()
        return result

    def failed() -> None:
        for listener in _hearing():
            listener.backward_failed()

    _native_backward = memory.backward(original, backward, failed)
    return _native_backward or backward


def _around_grad(original: Callable[..., Any]) -> Callable[..., Any]:
    is_compiling, task = torch.compiler.is_dynamo_compiling, torch._C._current_graph_task_id  # as in backward

    def grad(*args: Any, **kwargs: Any) -> Any:
        if is_compiling() or task() != -1 or (_ON_GPU and _is_captured()):
            return original(*args, **kwargs)
        asked = _asked_of_a_loss(*args, **kwargs)
        hearing = [x for x in _hearing() if x.hears_gradients(*asked)] if asked is not None else []
        if asked is None or not hearing or not _trains_here():
            return original(*args, **kwargs)
        for listener in hearing:
            listener.backward_begins(asked[:1])
        try:
            result = original(*args, **kwargs)
        except BaseException:
            for listener in hearing:
                listener.backward_failed()
            raise
        for listener in hearing:
            listener.gradients_given(asked[1], result)
            listener.backward_ended()
        return result

    return grad


def _around_func_grad(original: Callable[..., Any]) -> Callable[..., Any]:
    is_compiling = torch.compiler.is_dynamo_compiling

    def grad_and_value_impl(func: Any, argnums: Any, has_aux: bool, args: Any, kwargs: Any) -> Any:
        given = original(func, argnums, has_aux, args, kwargs)
        if is_compiling() or peek_interpreter_stack() is not None or (_ON_GPU and _is_captured()):
            return given
        parameters = args[argnums] if isinstance(argnums, int) else tuple(args[i] for i in argnums)
        for listener in _hearing():
            listener.gradients_of_function(parameters, given[0], given[1][0] if has_aux else given[1])
        return given

    return grad_and_value_impl


def _asked_of_a_loss(
    outputs: Any = None, inputs: Any = None, grad_outputs: Any = None, *more: Any, **kwargs: Any
) -> tuple[Tensor, Sequence[Tensor]] | None:
    """A loss, and the tensors its gradients are asked for; None where this is no plain backward pass of one."""
    create_graph = more[1] if len(more) > 1 else kwargs.get("create_graph", False)
    batched = more[4] if len(more) > 4 else kwargs.get("is_grads_batched", False)
    if grad_outputs is not None or create_graph or batched:
        return None
    if type(outputs) in (tuple, list) and len(outputs) == 1:
        outputs = outputs[0]
    if not isinstance(outputs, Tensor) or outputs.numel() != 1 or outputs.grad_fn is None:
        return None
    if isinstance(inputs, Tensor):
        return outputs, (inputs,)
    if type(inputs) is dict:
        inputs = tuple(inputs.values())
    if type(inputs) not in (tuple, list) or not all(isinstance(t, Tensor) for t in inputs):
        return None  # perhaps an iterator, which reading would use up
    return outputs, inputs


def _around_total_norm(original: Callable[..., Any]) -> Callable[..., Any]:
    def get_total_norm(*args: Any, **kwargs: Any) -> Any:
        norm = original(*args, **kwargs)
        norm_type = kwargs.get("norm_type", args[1] if len(args) > 1 else 2.0)
        if not torch.compiler.is_compiling() and float(norm_type) == 2.0 and isinstance(norm, Tensor):
            for listener in _hearing():
                listener.norm_taken(norm)
        return norm

    return get_total_norm


def _around_scale(original: Callable[..., Any]) -> Callable[..., Any]:
    def scale(scaler: Any, outputs: Any, *args: Any, **kwargs: Any) -> Any:
        scaled = original(scaler, outputs, *args, **kwargs)
        if not torch.compiler.is_compiling() and isinstance(outputs, Tensor) and isinstance(scaled, Tensor):
            for listener in _hearing():
                listener.loss_scaled(outputs, scaled)
        return scaled

    return scale


class _StepNoticed(Listener):
    """Whether an optimizer's step began: a GradScaler that skips one tells nobody."""

    def __init__(self) -> None:
        self.began = False

    def step_begins(self, optimizer: Optimizer) -> None:
        self.began = True


def _around_scaler_step(original: Callable[..., Any]) -> Callable[..., Any]:
    def step(scaler: Any, optimizer: Optimizer, *args: Any, **kwargs: Any) -> Any:
        notice = _StepNoticed()
        attach(notice)
        try:
            result = original(scaler, optimizer, *args, **kwargs)
        finally:
            detach(notice)
        if not notice.began:
            for listener in _hearing():
                listener.step_skipped(optimizer)
        return result

    return step


def _around_iter(original: Callable[..., Any]) -> Callable[..., Any]:
    def iterate(loader: DataLoader) -> Any:
        for listener in _hearing():
            listener.loader_begins(loader)
        return original(loader)

    return iterate


def _around_load(original: Callable[..., Any]) -> Callable[..., Any]:
    def load_state_dict(module: Module, *args: Any, **kwargs: Any) -> Any:
        result = original(module, *args, **kwargs)
        for listener in _hearing():
            listener.weights_loaded(module)
        return result

    return load_state_dict


def _around_loss(original: Callable[..., Any]) -> Callable[..., Any]:
    is_compiling = torch.compiler.is_dynamo_compiling
    kind = _KINDS[original.__name__]

    def loss(*args: Any, **kwargs: Any) -> Any:
        made = original(*args, **kwargs)
        if getattr(made, "requires_grad", True):  # most are trained on: they shall cost next to nothing
            return made
        if made.numel() == 1 and not (is_compiling() or (_ON_GPU and _is_captured())):
            targets = kwargs.get("target", *args[1:2]) if kwargs.get("reduction") == "sum" else None
            for listener in _hearing():
                listener.loss_without_gradients(made, kind, targets)
        return made

    vars(loss)["__prepare_scriptable__"] = lambda: original  # which is what TorchScript compiles
    return loss


def _around_batch_norm(original: Callable[..., Any]) -> Callable[..., Any]:
    is_compiling = torch.compiler.is_dynamo_compiling

    def batch_norm(
        input: Tensor, running_mean: Tensor | None, running_var: Tensor | None, weight: Tensor | None = None,
        bias: Tensor | None = None, training: bool = False, momentum: float = 0.1, eps: float = 1e-5,
    ) -> Tensor:  # fmt: skip
        made = original(input, running_mean, running_var, weight, bias, training, momentum, eps)
        if training or running_mean is None or running_var is None or is_compiling() or (_ON_GPU and _is_captured()):
            return made
        for listener in _hearing():
            listener.norm_evaluated(input, (running_mean, running_var), (weight, bias), eps)
        return made

    vars(batch_norm)["__prepare_scriptable__"] = lambda: original
    return batch_norm
