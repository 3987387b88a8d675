"""First names, letter by letter: the data, the lecture's model of them, its training, and stories told with it.

from auscult.recipes import names

train, valid, test = names.split_names(names.read_names())
model = names.NamesMLP()
names.descend(model, train, 20_000, names.lecture_rate(20_000))
names.loss_of(model, valid), names.sample(model, 10)
"""

from auscult.recipes.names.data import ALPHABET, CONTEXT, Split, examples, read_names, split_names
from auscult.recipes.names.model import BatchNorm, NamesMLP
from auscult.recipes.names.stories import STORIES, Stage, Story
from auscult.recipes.names.training import SEED, descend, lecture_rate, loss_of, sample, task

__all__ = [
    "ALPHABET", "CONTEXT", "SEED", "STORIES", "BatchNorm", "NamesMLP", "Split", "Stage", "Story", "descend", "examples",
    "lecture_rate", "loss_of", "read_names", "sample", "split_names", "task",
]  # fmt: skip
