"""Arrays as they lie in the file: bytes and a checksum, so that a lost page is an error and never a zero."""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Sequence

import numpy as np

_CRC = 4  # bytes


def pack(numbers: np.ndarray | bytes) -> bytes:
    """The blob of an array, or of the bytes of one."""
    body = numbers.tobytes() if isinstance(numbers, np.ndarray) else numbers
    return body + zlib.crc32(body).to_bytes(_CRC, "little")


def unpack(blobs: Sequence[bytes], dtype: type | np.dtype, count: int) -> np.ndarray:
    """The numbers of these blobs one after another, `count` of them; a writable array.

    Raises ValueError where a checksum or the count is not right, TypeError where a blob is none.
    """
    bodies = []
    for blob in blobs:
        body = memoryview(blob)[:-_CRC]
        if zlib.crc32(body).to_bytes(_CRC, "little") != blob[-_CRC:]:
            raise ValueError("a checksum is wrong")
        bodies.append(body)
    numbers = np.frombuffer(bytearray().join(bodies), dtype)
    if len(numbers) != count:
        raise ValueError(f"{len(numbers)} values stand where {count} were written")
    return numbers


def unpack_array(blob: bytes, dtype: str, shape: str) -> np.ndarray:
    """The array of one blob, by the dtype (as NumPy writes it) and shape (JSON) kept beside it; errors as `unpack`."""
    sides = json.loads(shape)
    return unpack([blob], np.dtype(dtype), math.prod(sides)).reshape(sides)
