"""The store's tables: one SQLite file a rank.

A *frame* is one step's float32 values; its *layout* says which series each column is. The writer turns full stretches
of frames into one *block*: a *chunk* for every series (its values and their summary) and a coarse *roll-up*, the mean
of every BIN frames for all columns at once, which is what heatmaps read. NaN means undefined.
"""

VERSION = 1
FILE = "rank-{rank}.sqlite"

CHUNK = 1024  # frames a block at most
BIN = 64  # frames averaged into one row of the roll-up
BLOCK_BYTES = 32 << 20  # a block of very wide frames is cut earlier than CHUNK, to bound memory
SERIES_SHIFT = 32  # a chunk's id is series << 32 | block: one series lies together on disk

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE series (id INTEGER PRIMARY KEY, quantity TEXT NOT NULL, subject TEXT NOT NULL, UNIQUE (quantity, subject));
CREATE TABLE layouts (id INTEGER PRIMARY KEY, columns BLOB NOT NULL);
CREATE TABLE frames (step INTEGER PRIMARY KEY, time REAL NOT NULL, layout INTEGER NOT NULL, data BLOB NOT NULL);
CREATE TABLE blocks (id INTEGER PRIMARY KEY, layout INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
                     count INTEGER NOT NULL, steps BLOB NOT NULL, times BLOB NOT NULL, rollup BLOB NOT NULL);
CREATE TABLE chunks (id INTEGER PRIMARY KEY, count INTEGER NOT NULL, nonfinite INTEGER NOT NULL,
                     min REAL, max REAL, mean REAL, data BLOB NOT NULL);
CREATE TABLE events (id INTEGER PRIMARY KEY, step INTEGER NOT NULL, time REAL NOT NULL, kind TEXT NOT NULL, data TEXT NOT NULL);
"""
