"""What stands for `torch.autograd.backward` and an optimizer's hooks in the core tells what the hub does."""

import inspect
import pickle
import sys

import pytest
import torch
from torch.utils.checkpoint import checkpoint

from auscult.observe import hub
from auscult.stats import memory

pytestmark = pytest.mark.skipif(
    not hasattr(torch.Tensor, "__dlpack_c_exchange_api__") or not memory.BUILT,
    reason="this PyTorch shows the core no tensors, or the core was not built",
)


class Heard(hub.Listener):
    """Counts passes, in C where `builtin`."""

    def __init__(self, builtin):
        self.builtin = builtin
        self.roots, self._left, self.failed = [], [None] * 100, 0
        self.backward_begins = self.roots.append if builtin else lambda roots: self.roots.append(roots)
        self.backward_ended = self._left.pop if builtin else lambda: self._left.pop()
        self.steps: list[object] = []
        self.step_begins = self.step_ended = self.steps.append if builtin else lambda o: self.steps.append(o)

    @property
    def ended(self):
        return 100 - len(self._left)

    def backward_failed(self):
        self.failed += 1


@pytest.fixture(params=[True, False], ids=["core", "python"])
def heard(request):
    listener = Heard(request.param)
    before = torch.autograd.backward
    hub.attach(listener)
    yield listener
    hub.detach(listener)
    assert torch.autograd.backward is before


def parameter():
    return torch.ones(3, requires_grad=True)


def test_one_loss_is_told_before_and_after(heard):
    w = parameter()
    loss = (2 * w).sum()
    loss.backward()
    (3 * w).sum().backward(retain_graph=True)
    assert w.grad.tolist() == [5, 5, 5]
    assert [len(roots) for roots in heard.roots] == [1, 1]
    assert heard.roots[0][0] is loss
    assert (heard.ended, heard.failed) == (2, 0)


def test_a_listener_in_c_costs_no_frame_of_python(heard):
    frames = []
    parameter().sum().backward()  # the first pass says which thread is heard
    loss = parameter().sum()
    sys.setprofile(lambda frame, event, _: event == "call" and frames.append(frame.f_code.co_filename))
    try:
        loss.backward()
    finally:
        sys.setprofile(None)
    assert (hub.__file__ in frames) == (not heard.builtin)


def test_an_optimizers_steps_are_told(heard):
    w, frames = parameter(), []
    optimizer = torch.optim.SGD([w], lr=0.1)
    w.sum().backward()
    sys.setprofile(lambda frame, event, _: event == "call" and frames.append(frame.f_code.co_filename))
    try:
        optimizer.step()
    finally:
        sys.setprofile(None)
    assert heard.steps == [optimizer, optimizer]
    assert (hub.__file__ in frames) == (not heard.builtin)


def test_what_the_pass_raises_is_raised_and_told(heard):
    with pytest.raises(RuntimeError, match="scalar outputs"):
        (2 * parameter()).backward()
    w = parameter()
    w.register_hook(lambda grad: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        w.sum().backward()
    assert (len(heard.roots), heard.ended, heard.failed) == (2, 0, 2)


def test_several_roots_and_a_gradient_to_begin_with(heard):
    w = parameter()
    torch.autograd.backward([w.sum(), w.sum()])
    torch.autograd.backward(tensors=w.sum())
    w.backward(torch.ones(3))
    torch.autograd.backward(w, grad_tensors=torch.ones(3))
    assert w.grad.tolist() == [5, 5, 5]
    assert [len(roots) for roots in heard.roots] == [2, 1, 1, 1]
    assert heard.ended == 4


def test_a_pass_inside_another_is_part_of_it(heard):
    w = parameter()
    checkpoint(lambda x: x.sin().exp(), w, use_reentrant=True).sum().backward()
    assert (len(heard.roots), heard.ended) == (1, 1)


def test_a_tensor_of_another_class_is_told_too(heard):
    class Kind(torch.Tensor):
        pass

    w = torch.ones(3).as_subclass(Kind).requires_grad_()
    w.sum().backward()
    assert (len(heard.roots), heard.ended) == (1, 1)


def test_a_listener_may_leave_during_the_pass(heard):
    w = parameter()
    w.register_hook(lambda grad: hub.detach(heard))
    w.sum().backward()
    assert (len(heard.roots), heard.ended) == (1, 0)


def test_it_looks_like_the_function_it_stands_for(heard):
    assert list(inspect.signature(torch.autograd.backward).parameters)[:2] == ["tensors", "grad_tensors"]
    assert torch.autograd.backward.__name__ == "backward"
    assert pickle.loads(pickle.dumps(torch.autograd.backward)) is torch.autograd.backward


def test_wrong_arguments_are_errors():
    native = memory.backward(print, print, print)
    with pytest.raises(TypeError):
        type(native)(1)
    with pytest.raises(TypeError, match="tuples"):
        native.listen([], [])
    with pytest.raises(TypeError, match="tuples"):
        native.listen(None, ())
    hook = memory.hook(print)
    with pytest.raises(TypeError, match="tuple"):
        hook.listen([])
    with pytest.raises(TypeError):
        type(hook)()
