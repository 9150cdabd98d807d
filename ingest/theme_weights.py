"""The trained tagger's weights: how a passage's tokens, words and cues are judged."""

import json
from dataclasses import dataclass, fields
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from ingest.cues import CueReading, score
from ingest.word_features import BUCKETS, Weighted
from kb.errors import ModelUnavailable
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
    """Write weights and the recipe that made them; half precision where it costs no decision."""
    folder.mkdir(parents=True, exist_ok=True)
    large = {"of_words", "idf"}
    arrays = {
        field.name: np.asarray(
            getattr(weights, field.name), np.float16 if field.name in large else np.float32
        )
        for field in fields(Weights)
    }
    np.savez_compressed(folder / WEIGHTS, allow_pickle=False, **arrays)
    text = json.dumps(recipe, indent=2, ensure_ascii=False) + "\n"
    (folder / RECIPE).write_text(text, encoding="utf-8")


def load(folder: Path) -> Weights:
    """Return the weights of a folder. Raises `ModelUnavailable` where they are not whole."""
    try:
        with np.load(folder / WEIGHTS, allow_pickle=False) as kept:
            arrays = {field.name: kept[field.name].astype(np.float32) for field in fields(Weights)}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise ModelUnavailable(
            f"The weights of the tagger in {folder} cannot be read ({type(error).__name__}). "
            "Install pfd-kb again, or set PFDKB_TAGGER=cues to tag by cues alone."
        ) from error
    themes_known, words = arrays["of_words"].shape
    if themes_known != len(themes()) or words != BUCKETS:
        raise ModelUnavailable(
            f"The weights in {folder} are of {themes_known} themes, the codebook has "
            f"{len(themes())}. Run 'pfdkb train-themes', or set PFDKB_TAGGER=cues."
        )
    return Weights(**arrays | {"share": float(arrays["share"])})
