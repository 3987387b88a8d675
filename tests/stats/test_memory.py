"""The native core against float64, for every type, layout and size of tensor; and what it refuses."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from auscult.observe.look import _histogram
from auscult.stats import memory, summary, thinned, wide

pytestmark = pytest.mark.skipif(not memory.BUILT, reason="the native core was not built: there is no C compiler here")

DTYPES = [torch.float32, torch.float64, torch.bfloat16, torch.float16]


def strided(*shape):
    return torch.randn(*(2 * n for n in shape))[tuple(slice(None, None, 2) for _ in shape)]


LAYOUTS = {
    "vector": lambda: torch.randn(1000),
    "matrix": lambda: torch.randn(37, 53),
    "one element": lambda: torch.randn(1),
    "no dimension": lambda: torch.randn(()),
    "transposed": lambda: torch.randn(37, 53).t(),
    "channels last": lambda: torch.randn(4, 3, 5, 7).to(memory_format=torch.channels_last),
    "apart": lambda: strided(37, 53),
    "apart in a view": lambda: torch.randn(5, 40, 30)[:, 3:20, ::3],
    "two pieces": lambda: torch.randn(70_001),
    "two pieces, apart": lambda: torch.randn(70_001, 2)[:, 1],
}


class Held:
    """Tensors with room for copies, and the core's snapshot of them."""

    def __init__(self, tensors):
        self.tensors = tuple(tensors)
        self.lie = [t.detach() for t in self.tensors]
        self.start = [t.detach().clone() for t in self.tensors]
        self.before = memory.copies_for(self.start)
        self.core = memory.snapshot(self.tensors, self.lie, self.before, self.start)

    def measured(self):
        rows = np.full((3, len(self.tensors)), 7, np.float32)
        table = np.empty((7, len(self.tensors)))
        assert self.core.measure(table)
        assert self.core.ratios(rows, 1)
        assert (rows[[0, 2]] == 7).all()  # no other row is touched
        return table, rows[1]


def expected(now, before, start):
    now, before, start = now.double(), before.double(), start.double()
    update = now - before
    two = [(x.mean(), (x - x.mean()).norm()) for x in (update, before, now)]
    return [float(v) for pair in two for v in pair] + [float((now - start).norm())]


def log_ratio(now, before):
    now, before = now.double(), before.double()
    return ((now - before).std() / before.std()).log10().item() if now.numel() > 1 else math.nan


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("make", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_a_step_against_float64(make, dtype):
    torch.manual_seed(0)
    tensors = [make().to(dtype), make().to(dtype)]
    if make().stride() != tensors[0].stride():  # a cast lays its elements side by side
        tensors = [torch.empty_strided(t.shape, make().stride(), dtype=dtype).copy_(t) for t in tensors]
    held = Held(tensors)
    for t in tensors:
        t.add_(torch.randn(t.shape).to(dtype) * 0.1)  # away from the start
    assert held.core.keep()
    before = [t.clone() for t in tensors]
    for t in tensors:
        t.add_(torch.randn(t.shape).to(dtype) * 0.01)
    table, ratios = held.measured()
    want = np.array([expected(*three) for three in zip(tensors, before, held.start, strict=True)]).T
    np.testing.assert_allclose(table, want, rtol=2e-5, atol=1e-7)
    np.testing.assert_allclose(ratios, [log_ratio(*two) for two in zip(tensors, before, strict=True)], atol=1e-5)


HARD = {
    "a small spread far from zero": (lambda x: 1e4 + 1e-2 * x, lambda x: 1e-2 * x),
    "one element far from all others": (
        lambda x: torch.cat([torch.tensor([1e6]), 1e-3 * x[1:]]),
        lambda x: torch.cat([torch.tensor([0.0]), 1e-6 * x[1:]]),
    ),
    "updates that hardly differ": (lambda x: x, lambda x: torch.full_like(x, 1e-3)),
    "too small to be squared": (lambda x: 1e-25 * x, lambda x: 1e-28 * x),
    "too large to be squared": (lambda x: 1e25 * x, lambda x: 1e22 * x),
    "nothing moves": (lambda x: x, torch.zeros_like),
    "alternating": (lambda x: torch.where(torch.arange(len(x)) % 2 == 0, 1e3, -1e3) + 0 * x, lambda x: 1e-3 * x),
}


@pytest.mark.parametrize(("data", "update"), HARD.values(), ids=HARD.keys())
def test_sums_are_sound(data, update):
    torch.manual_seed(0)
    x = torch.randn(5000)
    t = data(x)
    held = Held([t])
    for _ in range(3):  # the mean that was last found is the next pivot
        assert held.core.keep()
        before = t.clone()
        t.add_(update(torch.randn(5000)))
        table, ratios = held.measured()
        want = np.array(expected(t, before, held.start[0]))
        np.testing.assert_allclose(table[1::2, 0], want[1::2], rtol=1e-5)
        np.testing.assert_allclose(table[::2, 0], want[::2], rtol=1e-5, atol=1e-6 * before.double().std().item())
        if want[1] > 1e-6 * abs(want[0]) * 5000**0.5:
            np.testing.assert_allclose(ratios[0], log_ratio(t, before), atol=1e-4)


def test_what_is_undefined_or_zero():
    still, constant, zeros, bad, one = torch.randn(9), torch.ones(9), torch.zeros(9), torch.randn(9), torch.ones(1)
    held = Held([still, constant, zeros, bad, one, torch.empty(0)])
    assert held.core.keep()
    for t in (constant, zeros, one):
        t.add_(torch.randn(t.shape))
    bad[3] = math.nan
    ratios = held.measured()[1]
    assert ratios[0] == -math.inf  # it did not move
    assert np.isnan(ratios[1:]).all()


@pytest.mark.parametrize("size", [1000, 3_000_000])
def test_the_number_of_threads_changes_no_bit(size):
    torch.manual_seed(0)
    tensors = [torch.randn(size), torch.randn(size // 3, 2)[:, 0]]
    before = [t.clone() for t in tensors]
    found = []
    threads = torch.get_num_threads()
    try:
        for n in (1, 2, 7):
            torch.set_num_threads(n)
            for t, b in zip(tensors, before, strict=True):
                t.copy_(b)
            held = Held(tensors)
            held.core.keep()
            for t in tensors:
                t.mul_(1.001)
            found.append((held.measured()[0], memory.moments(tensors)))
    finally:
        torch.set_num_threads(threads)
    for table, moments in found[1:]:
        assert (table == found[0][0]).all()
        assert (moments == found[0][1]).all()


def test_a_tensor_that_has_moved_is_not_read():
    t = nn.Parameter(torch.randn(6))
    held = Held([t])
    assert held.core.keep()
    copied = held.before[0].clone()
    t.data = torch.randn(6)
    assert not held.core.keep()
    assert not held.core.measure(np.empty((7, 1)))
    assert not held.core.ratios(np.empty((1, 1), np.float32), 0)
    assert (held.before[0] == copied).all()  # nothing is copied then
    t.data = torch.randn(3)
    assert not held.core.keep()
    t.data = held.lie[0]
    assert held.core.keep()


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("make", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_moments_against_float64(make, dtype):
    torch.manual_seed(0)
    tensors = [make().to(dtype), 100 + make().to(dtype)]
    table = memory.moments(tensors)
    for column, t in zip(table.T, tensors, strict=True):
        x = t.double()
        want = [x.mean(), (x - x.mean()).norm(), x.min(), x.max(), 0]
        np.testing.assert_allclose(column, [float(v) for v in want], rtol=1e-5, atol=1e-6)


def test_moments_of_what_is_not_finite():
    table = memory.moments([torch.tensor([1.0, math.nan, -3.0, math.inf]), torch.tensor([math.nan]), torch.ones(2)])
    assert table[4].tolist() == [2, 1, 0]
    assert np.isnan(table[0, :2]).all()
    assert table[2, 0] == -3  # what is not a number is not the smallest of them
    assert memory.moments([torch.full((3,), 1e-30)])[0] == pytest.approx(1e-30)
    assert memory.moments([torch.full((3,), 1e30)])[0] == pytest.approx(1e30)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("size", [2, 1000, 70_001, 600_000])
@pytest.mark.parametrize(("scale", "offset"), [(1, 0), (0.01, 100), (1e-20, 0), (0, 3)])
def test_a_summary_against_float64(size, scale, offset, dtype):
    torch.manual_seed(0)
    x = (torch.randn(size, dtype=torch.float64) * scale + offset).to(dtype)
    mean, std, low, high, bad = memory.summary(x, 100_000)
    part = x[:100_000].double()
    assert mean == pytest.approx(part.mean().item(), rel=1e-5, abs=1e-6 * scale)
    assert std == pytest.approx(part.std().item(), rel=1e-4, abs=1e-12)
    assert (low, high, bad) == (x.min().item(), x.max().item(), 0)


NOT_FINITE = {
    "one NaN": [math.nan],
    "one infinity": [math.inf],
    "the other": [-math.inf],
    "both": [math.inf, -math.inf],
    "infinity and NaN": [math.inf, math.nan],
}


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("where", [0, 69_000])
@pytest.mark.parametrize("values", NOT_FINITE.values(), ids=NOT_FINITE.keys())
def test_what_is_not_finite_is_as_pytorch_has_it(values, where, dtype):
    torch.manual_seed(0)
    x = torch.randn(70_001).to(dtype)
    x[where : where + len(values)] = torch.tensor(values).to(dtype)
    for enough in (1 << 20, 1000):
        *got, bad = memory.summary(x, enough)
        want = [v.item() for v in summary(wide(x), enough)]
        np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-6)
        assert bad == len(values)


def test_values_too_large_for_the_squares_of_float32_are_summed_up_all_the_same():
    x = torch.randn(5000, generator=torch.Generator().manual_seed(0)) * 1e30
    mean, std, *_, bad = memory.summary(x, 5000)
    assert [mean, std] == pytest.approx([x.double().mean().item(), x.double().std().item()], rel=1e-5)
    assert bad == 0


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize(
    "x",
    [
        torch.randn(1000, generator=torch.Generator().manual_seed(0)),
        torch.randn(9001, generator=torch.Generator().manual_seed(0)) * 100 + 7,
        torch.full((5,), 3.0),
        torch.full((5,), 6e4),
        torch.tensor([1.0, math.nan, -2.0, math.inf, 0.5]),
        torch.tensor([math.nan, -math.inf]),
    ],
    ids=["few", "many", "constant", "a large constant", "some not finite", "none finite"],
)
def test_a_histogram_is_as_pytorch_and_numpy_have_it(x, dtype):
    x = x.to(dtype)
    want = _histogram(thinned(wide(x), 4096).numpy())
    np.testing.assert_array_equal(memory.histogram(x, 4096, len(want) - 2), want)


def test_signals_that_do_not_lie_side_by_side_are_left_to_pytorch():
    x = torch.randn(40, 50)
    assert memory.summary(x.t(), 2000) is not None  # the order makes no difference to the whole
    assert memory.summary(x.t(), 1999) is None
    assert memory.histogram(x.t(), 4096, 64) is None
    for other in (x[:, ::2], x[:1].expand(40, 50), torch._neg_view(x), x.to(torch.complex64), x.int(), x.to("meta")):
        assert memory.summary(other, 10_000) is None
        assert memory.histogram(other, 10_000, 64) is None
    assert memory.summary(torch.empty(0), 10) is None


def test_signals_that_lie_nowhere_are_refused_by_the_core():
    for wrong in ((0, 4, 0, 4, 1), (8, 0, 0, 4, 1), (8, 4, 9, 4, 1)):
        with pytest.raises(ValueError, match="no memory"):
            memory._core.summary(*wrong)
    with pytest.raises(TypeError, match="five"):
        memory._core.summary(1)
    x = torch.randn(4)
    with pytest.raises(ValueError, match="1 or more"):
        memory._core.histogram(x.data_ptr(), 4, 0, 0, np.empty(66, np.float32))
    with pytest.raises(ValueError, match="too small"):
        memory._core.histogram(x.data_ptr(), 4, 0, 1, np.empty(2, np.float32))


class Own(torch.Tensor):
    """Somebody's own kind of tensor."""


REFUSED = {
    "whole numbers": lambda: torch.arange(4),
    "complex": lambda: torch.randn(4, dtype=torch.complex64),
    "sparse": lambda: torch.eye(3).to_sparse(),
    "of another kind": lambda: torch.randn(4).as_subclass(Own),
    "negated": lambda: torch._neg_view(torch.randn(4)),
    "nowhere": lambda: torch.empty(4, device="meta"),
    "of too many dimensions": lambda: torch.randn([1] * 16 + [2, 2]).transpose(0, 17)[..., :1],
}


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED.keys())
def test_what_the_core_cannot_read_it_refuses(make):
    t = make()
    assert memory.moments([torch.randn(3), t]) is None
    if t.layout == torch.strided:
        lie = [t.detach()]
        assert memory.snapshot([t], lie, memory.copies_for(lie), [t.detach().clone()]) is None


def test_copies_of_another_type_or_shape_are_refused():
    t = torch.randn(4)
    assert memory.snapshot([t], [t], [t.double()], [t.clone()]) is None
    assert memory.snapshot([t], [t], [t.clone()], [torch.randn(5)]) is None


def test_wrong_arguments_are_errors():
    held = Held([torch.randn(4)])
    held.core.keep()
    for rows, row in ((np.empty((1, 1), np.float32), 1), (np.empty((1, 1), np.float32), -1)):
        with pytest.raises(ValueError, match=r"too small|0 or more"):
            held.core.ratios(rows, row)
    with pytest.raises(ValueError, match="too small"):
        held.core.measure(np.empty(6))
    with pytest.raises((TypeError, BufferError, ValueError)):
        held.core.measure(b"seven times eight bytes are needed here, and writable ones")
    with pytest.raises(TypeError, match="once"):
        held.core.__init__((), None, (), (), (), 1)
