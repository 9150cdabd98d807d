"""The seam between text and vectors: a one-method protocol and a fake computable by hand."""

import hashlib
import re
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts into unit vectors, so that an inner product is a cosine.

    `fingerprint` names the exact weights and settings: vectors of different fingerprints are
    never compared, stored under one key or put into one index.
    """

    @property
    def id(self) -> str:
        """The name a person would give the model."""

    @property
    def dimension(self) -> int:
        """Length of every vector."""

    @property
    def fingerprint(self) -> str:
        """Names the weights; equal fingerprints mean comparable vectors."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (len(texts), dimension), each row of length one."""


class WordHashEncoder:
    """A shipped fake: a word is one of `dimension` axes, a text the sum of its words.

    The axis of a word is the first four bytes of its sha256 (big-endian) modulo the dimension, so
    a test can compute every cosine by hand. A text without words is the first axis.
    """

    id = "word-hash"

    def __init__(self, dimension: int = 64) -> None:
        self.dimension = dimension
        self.fingerprint = f"word-hash-{dimension}"

    def axis(self, word: str) -> int:
        """Return the axis that stands for a word."""
        return int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big") % self.dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors; see the class for how a word becomes an axis."""
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                out[row, self.axis(word)] += 1.0
            if not out[row].any():
                out[row, 0] = 1.0
        unit: Vectors = out / np.linalg.norm(out, axis=1, keepdims=True)
        return unit


def model_facts(encoder: Encoder) -> dict[str, object]:
    """Return what the library records of the model that makes its vectors."""
    return {"id": encoder.id, "fingerprint": encoder.fingerprint, "dimension": encoder.dimension}
