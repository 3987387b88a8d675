"""The store's tables: one SQLite file a rank.

A *frame* is one step's float32 values; its *layout* says which series each column is. What is committed
together is one row of `frames`. As soon as there are enough, frames become a *block*: a *chunk* for every column (its
values over the block's steps, and their summary) and a coarse *roll-up*, the mean of every BIN frames for all
columns at once, which is what heatmaps read. A *stretch* is several frames that were handed over together; no block
parts it. An *array* is a larger thing of a step, with its dtype and shape. NaN means undefined. Every blob ends with
its checksum (`blobs`).

A chunk's id is its block's, then its column's place in the layout: blocks are appended, pages written once.
Ordered by series instead, every block would rewrite a page for each of its columns.
"""

VERSION = 2
FILE = "rank-{rank}.sqlite"

CHUNK = 1024  # frames a block at most
BIN = 64  # frames averaged into one row of the roll-up
BLOCK_BYTES = 16 << 20  # a block of very wide frames is cut earlier than CHUNK, to bound memory
COLUMN_SHIFT = 32  # a chunk's id is block << 32 | column
PAGE_BYTES = 16384

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE series (
    id INTEGER PRIMARY KEY, quantity TEXT NOT NULL, subject TEXT NOT NULL, UNIQUE (quantity, subject)
);
CREATE TABLE layouts (id INTEGER PRIMARY KEY, width INTEGER NOT NULL, columns BLOB NOT NULL);
CREATE TABLE frames (
    id INTEGER PRIMARY KEY, layout INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    count INTEGER NOT NULL, steps BLOB NOT NULL, times BLOB NOT NULL, data BLOB NOT NULL
);
CREATE INDEX frames_by_layout ON frames (layout);
CREATE TABLE blocks (
    id INTEGER PRIMARY KEY, layout INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    count INTEGER NOT NULL, steps BLOB NOT NULL, times BLOB NOT NULL, rollup BLOB NOT NULL
);
CREATE INDEX blocks_by_layout ON blocks (layout);
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY, count INTEGER NOT NULL, nonfinite INTEGER NOT NULL,
    min REAL, max REAL, mean REAL, data BLOB NOT NULL
);
CREATE TABLE events (
    id INTEGER PRIMARY KEY, step INTEGER NOT NULL, time REAL NOT NULL, kind TEXT NOT NULL, data TEXT NOT NULL
);
CREATE TABLE arrays (
    id INTEGER PRIMARY KEY, step INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
    dtype TEXT NOT NULL, shape TEXT NOT NULL, data BLOB NOT NULL
);
CREATE INDEX arrays_by_subject ON arrays (kind, subject);
"""


def block_frames(columns: int) -> int:
    """How many frames of so many columns make a full block."""
    return max(1, min(CHUNK, BLOCK_BYTES // max(1, 4 * columns)))
