"""Folders of pictures: what is found, how each kind of file is read, crops by chance that the seed decides."""

import dataclasses
import os

import numpy as np
import pytest
import torch
from PIL import Image
from torch.utils.data import DataLoader

from auscult.errors import AuscultError
from auscult.learner.task import loader
from auscult.optim import Adam
from auscult.recipes.imagenette import task
from auscult.recipes.pictures import MEAN, STD, Pictures, centre_crop, find_pictures, random_crop, read_rgb
from auscult.recipes.resnet import ResNet

COLORS = {"blue": (40, 40, 220), "green": (40, 200, 40), "red": (210, 40, 40)}


@pytest.fixture
def folder(tmp_path):
    """Noisy pictures of three colours: the classes."""
    rng = np.random.default_rng(0)
    for part, count in (("train", 24), ("val", 8)):
        for name, color in COLORS.items():
            (tmp_path / "f" / part / name).mkdir(parents=True)
            for i in range(count):
                height, width = rng.integers(20, 40, 2)
                values = np.clip(rng.normal(color, 40, (height, width, 3)), 0, 255).astype(np.uint8)
                Image.fromarray(values).save(tmp_path / "f" / part / name / f"{i:02}.JPEG")
    return tmp_path / "f"


def values(picture):
    """Red, green and blue of the pixel in the middle."""
    return picture.getpixel((picture.width // 2, picture.height // 2))


def test_what_is_found(folder):
    (folder / "train" / "blue" / "notes.txt").write_text("not a picture")
    (folder / "train" / "red" / "empty.JPEG").write_bytes(b"")
    (folder / "train" / "red" / ".hidden").write_bytes(b"")
    found = find_pictures(folder / "train", sorted(COLORS))
    assert found.labels == tuple([0] * 24 + [1] * 24 + [2] * 24)
    assert [path.name for path in found.skipped] == ["notes.txt", "empty.JPEG"]
    assert found.paths[24] == folder / "train" / "green" / "00.JPEG"


def refused(folder, what):
    with pytest.raises(AuscultError, match=what) as caught:
        task(folder)
    assert "\n" not in str(caught.value)


def test_folders_that_are_refused(folder, tmp_path):
    refused(tmp_path / "nowhere", "there is no folder .*train")
    refused(folder / "train", "there is no folder .*train")
    for path in (folder / "val" / "blue").iterdir():
        path.unlink()
    refused(folder, "blue holds no picture")
    (folder / "val" / "blue").rename(folder / "val" / "violet")
    refused(folder, "has a class violet that is not trained on; the classes are blue, green, red")
    (tmp_path / "e" / "train").mkdir(parents=True)
    (tmp_path / "e" / "val").mkdir()
    refused(tmp_path / "e", "has no folders in it")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_not_skipped(folder):
    (folder / "train" / "red" / "00.JPEG").chmod(0)
    refused(folder, "cannot read .*00.JPEG")


def test_a_picture_that_ends_early_is_named(folder):
    path = folder / "train" / "blue" / "03.JPEG"
    path.write_bytes(path.read_bytes()[:-200])
    made = task(folder, 16)
    for workers in (0, 1):
        with pytest.raises(AuscultError, match=r"cannot read the picture .*03.JPEG: .*get it anew, or remove it"):
            list(loader(made.train, 8, 0, workers))


# -- one picture --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "color", "expected"),
    [
        ("RGB", (10, 20, 30), (10, 20, 30)),
        ("L", 77, (77, 77, 77)),
        ("1", 1, (255, 255, 255)),
        ("I;16", 0x7F12, (0x7F,) * 3),
        ("RGBA", (10, 20, 30, 255), (10, 20, 30)),
        ("RGBA", (10, 20, 30, 0), (255, 255, 255)),
        ("LA", (0, 128), (127, 127, 127)),
        ("CMYK", (0, 255, 255, 0), (255, 0, 0)),
    ],
)
def test_every_kind_of_file_in_red_green_and_blue(tmp_path, mode, color, expected):
    path = tmp_path / ("x.tif" if mode == "CMYK" else "x.png")
    Image.new(mode, (6, 5), color).save(path)
    picture = read_rgb(path)
    assert picture.mode == "RGB"
    assert values(picture) == pytest.approx(expected, abs=1)


def test_a_palette_with_and_without_something_transparent(tmp_path):
    picture = Image.new("P", (6, 6), 1)
    picture.putpalette([0, 0, 0, 9, 99, 199])
    picture.save(tmp_path / "opaque.png")
    picture.save(tmp_path / "clear.png", transparency=1)
    assert values(read_rgb(tmp_path / "opaque.png")) == (9, 99, 199)
    assert values(read_rgb(tmp_path / "clear.png")) == (255, 255, 255)


def test_a_picture_is_put_upright(tmp_path):
    picture = Image.new("RGB", (8, 4))
    exif = picture.getexif()
    exif[0x0112] = 6  # turned by a quarter
    picture.save(tmp_path / "x.jpg", exif=exif)
    assert read_rgb(tmp_path / "x.jpg").size == (4, 8)


def test_the_middle_exactly(tmp_path):
    """Of 64 × 32 pixels the middle 28 × 28, here of one colour, with another around it."""
    pixels = np.zeros((32, 64, 3), np.uint8)
    pixels[2:30, 18:46] = (255, 0, 51)
    (tmp_path / "c").mkdir()
    Image.fromarray(pixels).save(tmp_path / "c" / "x.png")
    assert centre_crop(64, 32) == (18, 2, 46, 30)
    x, y = Pictures(find_pictures(tmp_path, ["c"]), 14)[0]
    assert y == 0
    assert x.shape == (3, 14, 14)
    expected = (torch.tensor([1.0, 0.0, 0.2]) - torch.tensor(MEAN)) / torch.tensor(STD)
    inside = x[:, 1:-1, 1:-1]  # at the rim the pixels beyond it count in a little
    torch.testing.assert_close(inside, expected.view(3, 1, 1).expand(3, 12, 12))


@pytest.mark.parametrize("size", [(40, 30), (30, 40), (1, 1), (300, 20)])
def test_crops_lie_within_the_picture(size):
    g = torch.Generator().manual_seed(0)
    width, height = size
    boxes = [random_crop(width, height, g) for _ in range(300)]
    for left, upper, right, lower in boxes:
        assert 0 <= left < right <= width
        assert 0 <= upper < lower <= height
    if size == (300, 20):  # nothing drawn fits
        assert set(boxes) == {centre_crop(*size, 1.0)}
        return
    shares = [(r - x) * (b - u) / (width * height) for x, u, r, b in boxes]
    ratios = [(r - x) / (b - u) for x, u, r, b in boxes]
    assert 0.349 < min(shares) < 0.4
    assert 0.74 < min(ratios) < 0.85
    assert 1.2 < max(ratios) < 1.34
    assert len(set(boxes)) > 290


# -- the data set -------------------------------------------------------------------------------------------------


def test_crops_are_the_seeds_whoever_reads(folder):
    made = task(folder, 16)
    batches = [list(loader(made.train, 8, seed, workers)) for seed, workers in ((0, 0), (0, 2), (1, 0))]
    assert all(torch.equal(a, b) for one, two in zip(*batches[:2], strict=True) for a, b in zip(one, two, strict=True))
    assert not torch.equal(batches[0][0][0], batches[2][0][0])
    loaded = loader(made.train, 8, 0)
    first, second = list(loaded), list(loaded)
    assert torch.equal(first[0][0], batches[0][0][0])
    assert not torch.equal(first[0][0], second[0][0])  # another epoch, other crops
    valid = [x for x, _ in loader(made.valid, 8)]
    assert all(torch.equal(a, b) for a, b in zip(valid, [x for x, _ in loader(made.valid, 8)], strict=True))


def test_in_a_loader_of_ones_own(folder):
    """Crops then come from torch's streams, which are another in each worker."""
    data = task(folder, 16).train
    data.files = type(data.files)(data.files.paths[:1] * 8, (0,) * 8, ())  # one picture, eight times
    for workers in (0, 2):
        torch.manual_seed(0)
        crops = torch.cat([x for x, _ in DataLoader(data, 2, num_workers=workers)])
        assert len(crops.flatten(1).unique(dim=0)) == 8
        torch.manual_seed(0)
        assert torch.equal(crops, torch.cat([x for x, _ in DataLoader(data, 2, num_workers=workers)]))


def test_its_own_model(folder):
    for size in (16, 128):
        made = task(folder, size)
        x, _ = next(iter(loader(made.valid, 4)))
        assert x.shape == (4, 3, size, size)
        assert made.model()(x).shape == (4, 3)


def test_it_learns_and_goes_on_from_a_checkpoint(folder, tmp_path):
    def made(seed=0):
        small = dataclasses.replace(task(folder, 16), model=lambda: ResNet(3, 3, width=8, depth=(1, 1)))
        return small.learner(Adam, batch=12, seed=seed, quiet=True)

    whole = made()
    whole.fit_one_cycle(4, 1e-2)
    assert whole.table[-1].metrics["accuracy"] > 0.9
    whole.save(tmp_path / "b.pt")
    whole.fit(1, 1e-3)
    again = made(seed=3)
    again.load(tmp_path / "b.pt")
    again.fit(1, 1e-3)
    assert again.table[-1].numbers() == whole.table[-1].numbers()
