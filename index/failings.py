"""Failings that coroners name again and again, and a small network that tells which a point states.

The catalogue (`data/failings/catalogue.yaml`) names each in a few words and states it plainly. The
network is the search model, trained further (`index.failing_training`) until a point lies near the
failings that it states and far from others, however alike the words are.
"""

import functools
import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from index.onnx_model import TokenModel
from index.onnx_optimised import keep_optimised, optimised_form
from kb.encoder import Encoder, Vectors
from kb.errors import ModelUnavailable
from kb.refs import file_hash
from kb.shipped import read_yaml

FOLDER = Path(__file__).with_name("data") / "failings"
CATALOGUE, NETWORK, WEIGHTS, RECIPE = (
    "catalogue.yaml", "network.onnx", "weights.npz", "recipe.json",
)  # fmt: skip
MOST_TOKENS = 128
DIMENSION = 384


@dataclass(frozen=True, slots=True)
class Failing:
    """A failing of the catalogue: its key, its name and a plain statement."""

    key: str
    name: str
    statement: str

    @property
    def cluster_id(self) -> str:
        """The id of its recurring concern, the same in every library."""
        return hashlib.sha256(f"failing:{self.key}".encode()).hexdigest()[:10]


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """What training found: a unit vector for each failing, and how near a point must come to it.

    A point states a failing if their cosine is over the failing's `least`. Its probability is the
    logistic function of `margin` plus `steepness` times what the cosine is over that.
    """

    directions: Vectors
    least: Vectors
    steepness: float
    margin: float = 0.0

    def stricter(self, margin: float) -> "Weights":
        """Return weights that ask for the odds of so many logits more."""
        least = self.least + np.float32(margin / self.steepness)
        return Weights(self.directions, least, self.steepness, self.margin + margin)


@functools.cache
def catalogue(file: Path = FOLDER / CATALOGUE) -> tuple[Failing, ...]:
    """Return the known failings, in the order of the catalogue."""
    return tuple(Failing(key, *words) for key, words in read_yaml(file).items())


class FailingModel:
    """Says which known failings points state; the vectors also compare points with each other.

    `encoder` turns a point's words into a unit vector of the network's meaning.
    """

    def __init__(
        self,
        encoder: Encoder,
        failings: Sequence[Failing] = (),
        weights: Weights | None = None,
        *,
        fingerprint: str | None = None,
        folder: Path | None = None,
    ) -> None:
        self._encoder = encoder
        self._given = tuple(failings), weights
        self._folder = folder
        self.fingerprint = fingerprint or encoder.fingerprint

    @classmethod
    def load(
        cls, tokenizer: Path, folder: Path = FOLDER, *, models: Path | None = None
    ) -> "FailingModel":
        """Return the model of a folder. Raises `ModelUnavailable` unless it is as it was made.

        In `models` an optimised form of its network may be kept, which then takes its place.
        """
        named, recipe = _recipe(folder)
        quick = optimised_form(named[NETWORK], models) if models else None
        _check(folder, {name: named[name] for name in named if not (quick and name == NETWORK)})
        file = quick or folder / NETWORK
        return cls(_Network(file, tokenizer, recipe, optimised=quick is not None), folder=folder)

    @functools.cached_property
    def failings(self) -> tuple[Failing, ...]:
        """The known failings; a search, which only compares vectors, does without reading them."""
        return catalogue(self._folder / CATALOGUE) if self._folder else self._given[0]

    @functools.cached_property
    def _weights(self) -> Weights | None:
        return _weights(self._folder, len(self.failings)) if self._folder else self._given[1]

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        return self._encoder.dimension

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of points' words (texts x dimension)."""
        return self._encoder.encode(texts)

    def stated(self, vectors: Vectors) -> list[tuple[tuple[str, float], ...]]:
        """Return the keys of the failings that each row states, with probability, surest first."""
        if self._weights is None or not len(vectors):
            return [() for _ in vectors]
        over = vectors @ self._weights.directions.T - self._weights.least
        found: list[list[tuple[str, float]]] = [[] for _ in vectors]
        for row, column in np.argwhere(over > 0).tolist():
            odds = self._weights.margin + self._weights.steepness * float(over[row, column])
            found[row].append((self.failings[column].key, round(float(1 / (1 + np.exp(-odds))), 4)))
        return [tuple(sorted(one, key=lambda f: (-f[1], f[0]))) for one in found]


class _Network:
    """The trained network as an encoder: the same words give the same vector, always."""

    def __init__(self, file: Path, tokenizer: Path, recipe: str, *, optimised: bool) -> None:
        self.id = "failings"
        self.dimension = DIMENSION
        self.fingerprint = f"failings:{recipe[:16]}"
        # One text at a time: the scales of int8 are taken over the whole batch.
        self._model = TokenModel(
            file, tokenizer, most_tokens=MOST_TOKENS, batch=1, optimised=optimised
        )

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of shape (len(texts), dimension)."""
        return self._model.means(texts, dimension=self.dimension)


def keep_optimised_network(tokenizer: Path, models: Path) -> None:
    """Keep an optimised form of the network; raises as `index.onnx_optimised.keep_optimised`."""
    named, _ = _recipe(FOLDER)
    keep_optimised(FOLDER / NETWORK, named[NETWORK], models, tokenizer=tokenizer)


def _recipe(folder: Path) -> tuple[dict[str, str], str]:
    """Return the sha256 of the files that a folder's recipe names, and the recipe's own."""
    try:
        raw = (folder / RECIPE).read_bytes()
        named = dict(json.loads(raw)["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unusable(folder, f"cannot be read ({type(error).__name__})") from error
    if not {CATALOGUE, NETWORK, WEIGHTS} <= named.keys():
        raise _unusable(folder, f"is damaged or was changed: {RECIPE}")
    return named, hashlib.sha256(raw).hexdigest()


def _check(folder: Path, named: Mapping[str, str]) -> None:
    """Raise `ModelUnavailable` unless the files are those of their sha256."""
    try:
        changed = [name for name, sha256 in named.items() if file_hash(folder / name) != sha256]
    except OSError as error:
        raise _unusable(folder, f"cannot be read ({type(error).__name__})") from error
    if changed:
        raise _unusable(folder, f"is damaged or was changed: {', '.join(changed)}")


def _weights(folder: Path, failings: int) -> Weights:
    try:
        with np.load(folder / WEIGHTS, allow_pickle=False) as kept:
            found = Weights(
                kept["directions"].astype(np.float32),
                kept["least"].astype(np.float32),
                float(kept["steepness"]),
                float(kept["margin"]),
            )
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error) as error:
        raise _unusable(folder, f"cannot be read ({type(error).__name__})") from error
    if found.directions.shape != (failings, DIMENSION) or found.least.shape != (failings,):
        raise _unusable(folder, "is of another size than its catalogue")
    return found


def _unusable(folder: Path, why: str) -> ModelUnavailable:
    return ModelUnavailable(f"The model of known failings in {folder} {why}. Install pfd-kb again.")


def save_weights(folder: Path, weights: Weights) -> None:
    """Write the weights, half precision for the directions."""
    np.savez_compressed(
        folder / WEIGHTS, allow_pickle=False, directions=weights.directions.astype(np.float16),
        least=weights.least, steepness=np.float32(weights.steepness),
        margin=np.float32(weights.margin),
    )  # fmt: skip
