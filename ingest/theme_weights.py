"""The trained tagger's weights: how a passage's tokens, words and cues are judged."""

import hashlib
import json
import zlib
from collections.abc import Collection
from dataclasses import dataclass, fields
from pathlib import Path
from tokenize import TokenError
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from ingest.cues import CueReading, score
from ingest.word_features import BUCKETS, Weighted
from kb.errors import ModelUnavailable
from kb.refs import file_hash
from kb.tagging import TokenStates
from kb.themes import themes

FOLDER = Path(__file__).with_name("data") / "tagger"
NETWORK, WEIGHTS, RECIPE = "network.onnx", "weights.npz", "recipe.json"

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Weights:
    """What training found; the first axis of each is the themes, in the codebook's order.

    `of_mean` and `of_most` weigh the mean and the largest values of the token states (themes x
    width), `of_words` the hashed words (themes x buckets) whose rarity is `idf` (buckets), and
    `of_cues` the scores by cues (themes x themes). `share` is the tokens' part in the judgement, of
    one, and `thresholds` what the judgement must reach.
    """

    of_mean: Scores
    of_most: Scores
    token_bias: Scores
    idf: Scores
    of_words: Scores
    of_cues: Scores
    word_bias: Scores
    thresholds: Scores
    share: float

    def tokens(self, tokens: TokenStates) -> Scores:
        """Return what the tokens say of each theme (logits)."""
        mean, most = tokens.states.mean(axis=0), tokens.states.max(axis=0)
        found: Scores = self.of_mean @ mean + self.of_most @ most + self.token_bias
        return found

    def terms(self, words: Weighted, cues: Scores) -> Scores:
        """Return what the words and the cues say of each theme (logits)."""
        by_words: Scores = self.of_words[:, words.buckets] @ words.values
        found: Scores = by_words + self.of_cues @ cues + self.word_bias
        return found

    def judged(self, tokens: TokenStates, words: Weighted, cues: Scores) -> Scores:
        """Return by how much each theme is over its threshold; it is shown from nought on."""
        rest = 1 - self.share
        found: Scores = self.share * self.tokens(tokens) + rest * self.terms(words, cues)
        over: Scores = (found - self.thresholds).astype(np.float32)
        return over

    def token_gains(self, theme: int, tokens: TokenStates) -> Scores:
        """Return each token's part in what the tokens say of a theme; without the bias its sum."""
        states = tokens.states
        gains = states @ self.of_mean[theme] / len(states)
        most = states.argmax(axis=0)
        parts = self.of_most[theme] * states[most, np.arange(states.shape[1])]
        gains = gains + np.bincount(most, parts, minlength=len(states))
        return np.asarray(gains, np.float32)


def cue_scores(reading: CueReading) -> Scores:
    """Return the score by cues of each theme, in the codebook's order; nought where none stands."""
    found = [
        score(reading.places[key], key)[0] if key in reading.places else 0.0 for key in themes()
    ]
    return np.array(found, np.float32)


def save(folder: Path, weights: Weights, recipe: dict[str, object]) -> None:
    """Write weights and the recipe that made them; half precision where it costs no decision.

    The recipe is written last, with the sha256 of the weights.
    """
    folder.mkdir(parents=True, exist_ok=True)
    large = {"of_words", "idf"}
    arrays = {
        field.name: np.asarray(
            getattr(weights, field.name), np.float16 if field.name in large else np.float32
        )
        for field in fields(Weights)
    }
    np.savez_compressed(folder / WEIGHTS, allow_pickle=False, **arrays)
    recipe = recipe | {"weights": file_hash(folder / WEIGHTS)}
    text = json.dumps(recipe, indent=2, ensure_ascii=False) + "\n"
    (folder / RECIPE).write_text(text, encoding="utf-8")


def checked(folder: Path, *, but: Collection[str] = ()) -> str:
    """Return the sha256 of a folder's recipe; its files are those that the recipe names.

    Reading 23 MB for it takes 15 ms; files in `but` are not looked at. Raises `ModelUnavailable`.
    """
    named, recipe = _named(folder)
    try:
        found = {name: file_hash(folder / name) for name in named if name not in but}
    except OSError as error:
        raise _unusable(folder, f"cannot be read ({type(error).__name__})") from error
    for name, digest in found.items():
        if digest != named[name]:
            raise _unusable(folder, f"is damaged or was changed: {name} is not that of its recipe")
    return recipe


def network_sha256(folder: Path) -> str:
    """Return what the recipe of a folder says of its network. Raises `ModelUnavailable`."""
    return _named(folder)[0][NETWORK]


def _named(folder: Path) -> tuple[dict[str, str], str]:
    """Return the sha256 of the files that a folder's recipe names, and the recipe's own."""
    try:
        raw = (folder / RECIPE).read_bytes()
        recipe = json.loads(raw)
        # The sha256 of the weights is not in the recipes of the first version.
        named = {NETWORK: recipe["network"], WEIGHTS: recipe.get("weights")}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unusable(folder, f"cannot be read ({type(error).__name__})") from error
    return {name: str(sha) for name, sha in named.items() if sha}, hashlib.sha256(raw).hexdigest()


def load(folder: Path) -> Weights:
    """Return the weights of a folder. Raises `ModelUnavailable` where they are not whole."""
    try:
        with np.load(folder / WEIGHTS, allow_pickle=False) as kept:
            arrays = {field.name: kept[field.name].astype(np.float32) for field in fields(Weights)}
    except _DAMAGED as error:
        raise _unusable(folder, f"cannot be read ({type(error).__name__})") from error
    known = len(arrays["of_words"]) if arrays["of_words"].ndim else 0
    if known != len(themes()):
        raise _unusable(folder, f"is of {known} themes, the codebook has {len(themes())}")
    if any(arrays[name].shape != shape for name, shape in _shapes(arrays["of_mean"]).items()):
        raise _unusable(folder, "is of another size than this version reads")
    return Weights(**arrays | {"share": float(arrays["share"])})


_DAMAGED = (
    *(OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error),
    *(TokenError, SyntaxError),  # numpy reads an array's header as Python
    *(RuntimeError, MemoryError),  # a bit that says "encrypted", a size of many digits
)
"""What reading a damaged npz was seen to raise."""


def _shapes(of_mean: Scores) -> dict[str, tuple[int, ...]]:
    """Return the shape that each array must have, given one of the two that know the width."""
    size, width = len(themes()), of_mean.shape[-1] if of_mean.ndim else 0
    return {
        "of_mean": (size, width),
        "of_most": (size, width),
        "token_bias": (size,),
        "idf": (BUCKETS,),
        "of_words": (size, BUCKETS),
        "of_cues": (size, size),
        "word_bias": (size,),
        "thresholds": (size,),
        "share": (),
    }


def _unusable(folder: Path, why: str) -> ModelUnavailable:
    mend = "Install pfd-kb again" if folder == FOLDER else "Run 'pfdkb train-themes' again"
    return ModelUnavailable(
        f"The tagger in {folder} {why}. {mend}, or set PFDKB_TAGGER=cues to tag by cues alone."
    )
