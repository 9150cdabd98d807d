"""Words and pairs of words as numbers: weighted by rarity, and known by a hash only.

A hash keeps the words of the reports, and the names in them, out of the weights.
"""

import itertools
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 16
_WORD = re.compile(r"[a-z0-9']+")

Buckets = NDArray[np.int64]
Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Occurrences:
    """Every word and pair of neighbouring words of a text: its bucket and where it begins."""

    buckets: Buckets
    starts: NDArray[np.int64]


def occurrences(plain: str) -> Occurrences:
    """Return the words and pairs of a text in plain lower-case letters (see `cues.plain_text`)."""
    words = [(match[0], match.start()) for match in _WORD.finditer(plain)]
    pairs = [(f"{one} {two}", start) for (one, start), (two, _) in itertools.pairwise(words)]
    every = words + pairs
    buckets = [zlib.crc32(word.encode()) % BUCKETS for word, _ in every]
    return Occurrences(np.array(buckets, np.int64), np.array([at for _, at in every], np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class Weighted:
    """The distinct buckets of a text and their values, a vector of length one (or all noughts).

    `each` is the share of every occurrence in it, in the order of the text's words and pairs.
    """

    buckets: Buckets
    values: Values
    each: Values


def weighted(words: Occurrences, idf: Values) -> Weighted:
    """Return a text as a vector of words weighted by rarity."""
    distinct, inverse, counts = np.unique(words.buckets, return_inverse=True, return_counts=True)
    values = ((1 + np.log(counts)) * idf[distinct]).astype(np.float32)
    length = float(np.sqrt((values**2).sum()))
    values = values / length if length else values
    return Weighted(distinct, values, (values / counts)[inverse].astype(np.float32))


def inverse_frequency(texts: Sequence[Buckets]) -> Values:
    """Return the weight of each bucket: nought where fewer than two texts or most of them have it.

    Smoothed as usual: log((1 + n) / (1 + texts that have it)) + 1.
    """
    held = np.zeros(BUCKETS)
    for buckets in texts:
        held[np.unique(buckets)] += 1
    idf = np.log((1 + len(texts)) / (1 + held)) + 1
    idf[(held < 2) | (held > len(texts) / 2)] = 0
    return idf.astype(np.float32)
