"""How likely it is that two points of concern state the same failing.

A logistic model over the two meanings, the words they share, and what they name as missing, late
or wrong. Its weights are learnt by `index.concern_training` from pairs that were read, and depend
on nothing in the library, so that two points are as alike in a large library as in a small one.
"""

import functools
import json
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from index.concern_words import Marks, failings, things
from index.words import STOP_WORDS, stem
from kb.encoder import Vectors

WEIGHTS = Path(__file__).with_name("data") / "likeness.json"
BUCKETS = 4096
FEATURES = (
    "core_cosine", "whole_cosine", "core_words", "whole_words", "things_cosine", "things_shared",
    "failings_cosine", "failings_shared", "shorter", "length_apart", "rare_words",
    "things_of_whole", "settings_apart", "known_shared", "known_weight", "known_of_one",
    "statements",
)  # fmt: skip
_SETTINGS = (
    "prison", "police", "pedestrian", "junction", "perinatal", "care_home", "railway", "military",
    "water_safety", "hgv", "ambulance", "self_harm",
)  # fmt: skip
_CHUNK = 20_000
_WORD = re.compile(r"[a-z][a-z'’-]+")
_EMPTY = frozenset(
    stem(word)
    for word in """coroner concern concerns concerned evidence heard inquest death deaths died
    future matter person hospital trust given make made prison deceased however been place case
    time period road council police ward""".split()
)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Described:
    """Points with all that comparing them needs, row by row."""

    core: Vectors
    whole: Vectors
    marks: Marks
    whole_marks: Marks
    core_words: Any
    whole_words: Any
    lengths: Floats
    statements: Floats

    @classmethod
    def of(
        cls, cores: Sequence[str], wholes: Sequence[str], *, core: Vectors, whole: Vectors,
        marks: Marks, whole_marks: Marks, statements: Vectors,
    ) -> "Described":  # fmt: skip
        """Describe points; `statements` are the vectors of the catalogue's plain statements."""
        near: Vectors = ((3 * core + whole) @ statements.T / 4).astype(np.float32)
        return cls(
            core, whole, marks, whole_marks, _terms(cores), _terms(wholes),
            np.array([max(1, len(one.split())) for one in cores], dtype=float), _profile(near),
        )  # fmt: skip


def probabilities(points: Described, one: NDArray[np.int64], other: NDArray[np.int64]) -> Floats:
    """Return for each pair of rows the probability that they state the same failing."""
    weights = np.array(_weights()["features"])
    odds = [
        features(points, one[at : at + _CHUNK], other[at : at + _CHUNK]) @ weights
        for at in range(0, len(one), _CHUNK)
    ]
    joined = np.concatenate(odds) if odds else np.zeros(0)
    # Rounded, so that a group never turns on the last bit of a sum.
    probable: Floats = np.round(1 / (1 + np.exp(-joined - _weights()["bias"])), 6)
    return probable


def features(points: Described, one: NDArray[np.int64], other: NDArray[np.int64]) -> Floats:
    """Return the features of pairs of rows, columns as in `FEATURES`."""
    rarity = _rarity()
    split = np.cumsum([len(things()), len(failings())])
    a, b = (np.split(points.marks[rows].astype(float), split, axis=1) for rows in (one, other))
    weights = np.split(rarity, split)
    about, failed, named = list(zip(a, b, weights, strict=True))
    wide = [points.whole_marks[rows][:, : split[0]].astype(float) for rows in (one, other)]
    settings = [list(things()).index(name) for name in _SETTINGS]
    words = _dot(points.core_words, one, other)
    short = np.minimum(points.lengths[one], points.lengths[other])
    return np.stack(
        [
            _dot(points.core, one, other),
            _dot(points.whole, one, other),
            words,
            _dot(points.whole_words, one, other),
            _cosine(*about),
            _shared(*about),
            _cosine(*failed),
            _shared(*failed),
            np.log(short),
            np.abs(np.log(points.lengths[one] / points.lengths[other])),
            np.log1p(words * np.sqrt(short)),
            _shared(wide[0], wide[1], weights[0]),
            np.abs(a[0][:, settings] - b[0][:, settings]).sum(axis=1),
            _shared(*named),
            np.minimum((named[0] * named[1]) @ named[2], 8) / 8,
            (named[0].any(axis=1) != named[1].any(axis=1)).astype(float),
            _dot(points.statements, one, other),
        ],
        axis=1,
    )


def rarity_of(marks: Marks) -> Floats:
    """Return how much a mark says, by how few points have it."""
    found: Floats = np.maximum(np.log(len(marks) / (1 + marks.sum(axis=0))), 0.4)
    return found


def word_rarity(texts: Sequence[str]) -> Floats:
    """Return how much a bucket of words says, by how few texts have one of its words."""
    seen = Counter(bucket for text in texts for bucket in set(_buckets(text)))
    return np.log(len(texts) / (1 + np.array([seen[at] for at in range(BUCKETS)])))


def _terms(texts: Sequence[str]) -> csr_matrix:
    rarity = np.array(_weights()["words"])
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for row, text in enumerate(texts):
        counted = Counter(_buckets(text))
        rows += [row] * len(counted)
        columns += counted.keys()
        values += [(1 + np.log(n)) * rarity[at] for at, n in counted.items()]
    table = csr_matrix((values, (rows, columns)), shape=(len(texts), BUCKETS))
    length = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    scale = 1 / np.maximum(length, 1e-9)
    table.data *= np.repeat(scale, np.diff(table.indptr))
    return table


def _buckets(text: str) -> list[int]:
    stems = (stem(word) for word in _WORD.findall(text.lower()) if word not in STOP_WORDS)
    return [
        zlib.crc32(one.encode()) % BUCKETS for one in stems if len(one) > 2 and one not in _EMPTY
    ]


def _profile(near: Vectors) -> Floats:
    """How far each point stands out towards each statement, as unit rows."""
    found = _weights()
    apart = (near - np.array(found["near_mean"])) / np.array(found["near_spread"])
    outstanding = np.maximum(apart - 1, 0)
    unit: Floats = outstanding / np.maximum(
        np.linalg.norm(outstanding, axis=1, keepdims=True), 1e-9
    )
    return unit


def _dot(table: Any, one: NDArray[np.int64], other: NDArray[np.int64]) -> Floats:
    if isinstance(table, csr_matrix):
        return np.asarray(table[one].multiply(table[other]).sum(axis=1)).ravel()
    found: Floats = np.einsum("ij,ij->i", table[one], table[other]).astype(float)
    return found


def _cosine(a: Floats, b: Floats, weight: Floats) -> Floats:
    squared = weight * weight
    found: Floats = ((a * b) @ squared) / np.maximum(np.sqrt((a @ squared) * (b @ squared)), 1e-9)
    return found


def _shared(a: Floats, b: Floats, weight: Floats) -> Floats:
    found: Floats = ((a * b) @ weight) / np.maximum(np.maximum(a, b) @ weight, 1e-9)
    return found


def _rarity() -> Floats:
    return np.array(_weights()["marks"])


@functools.cache
def _weights() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return found
