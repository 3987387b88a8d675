"""IDX files, read exactly or refused, and the task that is made of two of them."""

import gzip
import struct

import numpy as np
import pytest
import torch

from auscult.errors import AuscultError
from auscult.recipes.mnist import read_idx, task


def idx(values, code):
    """The bytes of an IDX file, by its definition."""
    dims = struct.pack(f">{values.ndim}I", *values.shape)
    return bytes([0, 0, code, values.ndim]) + dims + values.astype(values.dtype.newbyteorder(">")).tobytes()


@pytest.mark.parametrize(
    ("code", "dtype"),
    [(0x08, np.uint8), (0x09, np.int8), (0x0B, np.int16), (0x0C, np.int32), (0x0D, np.float32), (0x0E, np.float64)],
)
@pytest.mark.parametrize("zipped", [False, True])
def test_every_type_comes_back_as_it_was(tmp_path, code, dtype, zipped):
    info = np.finfo(dtype) if code >= 0x0D else np.iinfo(dtype)
    values = np.array([[[info.min, 0, 1], [2, 3, info.max]]], dtype)
    data = idx(values, code)
    (tmp_path / "x").write_bytes(gzip.compress(data) if zipped else data)
    read = read_idx(tmp_path / "x")
    assert read.shape == (1, 2, 3)
    assert read.numpy().dtype == dtype
    assert np.array_equal(read.numpy(), values)
    read += 0  # its own memory, which can be written


def test_a_scalar_and_nothing(tmp_path):
    (tmp_path / "x").write_bytes(bytes([0, 0, 0x0B, 0, 1, 2]))
    assert read_idx(tmp_path / "x").item() == 258
    (tmp_path / "x").write_bytes(idx(np.zeros((0, 28, 28), np.uint8), 0x08))
    assert read_idx(tmp_path / "x").shape == (0, 28, 28)


WHOLE = idx(np.arange(12, dtype=np.uint8).reshape(3, 4), 0x08)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", r"x is no IDX file.*\(none\)"),
        (b"\0\0\x08", "is no IDX file"),
        (b"\x89PNG" + WHOLE, "is no IDX file: it begins with the bytes 89 50 4e 47"),
        (b"\0\0\x07" + WHOLE[3:], "is no IDX file"),
        (b"\0\0\x0a" + WHOLE[3:], "is no IDX file"),
        (WHOLE[:7], "ends within its header, at 7 of 12 bytes"),
        (WHOLE[:-1], "says 3 × 4 values of 1 bytes, 24 bytes in all, and has 23"),
        (WHOLE + b"\0", "24 bytes in all, and has 25"),
        (b"\0\0\x0e\xff" + b"\xff" * 1020, "and has 1,024"),
        (gzip.compress(WHOLE, mtime=0)[:-9], "is damaged"),
        (gzip.compress(WHOLE, mtime=0)[:-6] + b"\0" * 6, "is damaged"),
        (b"\x1f\x8b" + b"\0" * 30, "is damaged"),
    ],
)
def test_what_is_refused(tmp_path, data, says):
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(AuscultError, match=says) as caught:
        read_idx(tmp_path / "x")
    assert str(tmp_path / "x") in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_file_and_a_folder(tmp_path):
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(AuscultError, match="cannot read"):
            read_idx(path)


def test_the_digits(digit_files):
    images, labels = map(read_idx, digit_files)
    assert images.shape == (10_000, 28, 28)
    assert images.dtype == labels.dtype == torch.uint8
    assert labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]  # known to everyone
    assert labels.bincount().tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert float(images.double().mean() / 255) == pytest.approx(0.1325, abs=1e-4)


def test_a_task(digit_files):
    made = task(*digit_files, train=600, valid=200, test=100)
    x, y = made.train.tensors
    assert [len(part) for part in (made.train, made.valid, made.test)] == [600, 200, 100]
    assert x.shape == (600, 1, 28, 28)
    assert (float(x.mean()), float(x.std())) == pytest.approx((0, 1), abs=1e-5)
    assert y.dtype == torch.int64
    everything = torch.cat([part.tensors[0].flatten(1) for part in (made.train, made.valid, made.test)])
    assert len(everything.unique(dim=0)) == 900  # no picture is in two parts
    again, other = (task(*digit_files, train=600, valid=200, seed=seed) for seed in (0, 1))
    assert torch.equal(again.train.tensors[1], y)
    assert not torch.equal(other.train.tensors[1], y)
    assert task(*digit_files).test is None


@pytest.fixture
def small(tmp_path):
    """Writes pictures and labels, gives their paths."""

    def write(pictures, labels, code=0x08):
        (tmp_path / "images").write_bytes(idx(pictures, 0x08))
        (tmp_path / "labels").write_bytes(idx(labels, code))
        return tmp_path / "images", tmp_path / "labels"

    return write


PICTURES = np.random.default_rng(0).integers(0, 255, (10, 4, 4)).astype(np.uint8)


@pytest.mark.parametrize(
    ("pictures", "labels", "code", "sizes", "says"),
    [
        (PICTURES, np.zeros(9, np.uint8), 8, (5, 2, 1), r"uint8 of shape \(10, 4, 4\) and .*uint8 of shape \(9,\)"),
        (PICTURES[0], np.zeros(4, np.uint8), 8, (2, 1, 1), r"give pictures \(n, height, width\)"),
        (PICTURES, np.zeros(10, np.float32), 13, (5, 2, 1), "one integer label"),
        (PICTURES, np.zeros(10, np.uint8), 8, (8, 2, 1), "holds 10 pictures, not 8 to train, 2 to validate and 1"),
        (PICTURES, np.zeros(10, np.uint8), 8, (0, 2, 1), "one at least to train"),
        (PICTURES, np.full(10, -1, np.int8), 9, (5, 2, 1), "holds the label -1"),
        (PICTURES * 0, np.zeros(10, np.uint8), 8, (5, 2, 1), "every pixel .* is the same"),
    ],
)
def test_files_that_make_no_task(small, pictures, labels, code, sizes, says):
    with pytest.raises(AuscultError, match=says):
        task(*small(pictures, labels, code), *sizes)
