"""Training of the tagger's words, cues and thresholds. The only door to scikit-learn here."""

import zlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from ingest.cues import read_cues
from ingest.labels import Labelled
from ingest.theme_model import ThemeModel
from ingest.theme_weights import Scores, Weights, cue_scores
from ingest.word_features import BUCKETS, inverse_frequency, occurrences, weighted
from kb.documents import SectionKind
from kb.tagging import TokenReader
from kb.themes import themes

HELD_OUT = 15
"""Reports of a hundred that set the thresholds and are not trained on."""
STRENGTH = 3.0
"""Inverse of the regularisation of the words and cues."""
TOKENS_SHARE = 0.5
"""The part of the network in the judgement; words and cues have the rest."""
SHRINK = 0.5
"""How far a theme's own threshold is drawn to the common one: few labels make it swing."""

Labels = NDArray[np.bool_]


def held_out(one: Labelled) -> bool:
    """Tell whether a passage's report sets thresholds; by its name, so always the same."""
    return zlib.crc32(one.report.encode()) % 100 < HELD_OUT


def label_table(labelled: Sequence[Labelled]) -> Labels:
    """Return the labels as a table, passages x themes in the codebook's order."""
    return np.array([[key in one.themes for key in themes()] for one in labelled], np.bool_)


def fit_weights(
    trained_on: Sequence[Labelled],
    apart: Sequence[Labelled],
    *,
    of_mean: Scores,
    of_most: Scores,
    token_bias: Scores,
    reader: TokenReader,
) -> Weights:
    """Return the weights: words and cues fitted on some passages, thresholds on those kept apart.

    `of_mean`, `of_most` and `token_bias` are the head of the network that `reader` runs.
    """
    texts = [one.text for one in trained_on]
    idf, of_words, of_cues, word_bias = fit_terms(texts, label_table(trained_on))
    weights = Weights(
        of_mean=of_mean,
        of_most=of_most,
        token_bias=token_bias,
        idf=idf,
        of_words=of_words,
        of_cues=of_cues,
        word_bias=word_bias,
        thresholds=np.zeros(len(themes()), np.float32),
        share=TOKENS_SHARE,
    )
    judged = ThemeModel(reader, weights).judgements([one.text for one in apart])
    return replace(weights, thresholds=fit_thresholds(judged, label_table(apart)))


def fit_terms(texts: Sequence[str], labels: Labels) -> tuple[Scores, Scores, Scores, Scores]:
    """Return the rarity of words, and the weights of words and cues and the bias of each theme.

    A logistic regression for each theme by itself.
    """
    readings = [read_cues(text, section=SectionKind.CONCERNS) for text in texts]
    words = [occurrences(reading.plain) for reading in readings]
    idf = inverse_frequency([one.buckets for one in words])
    vectors = [weighted(one, idf) for one in words]
    ends = np.cumsum([0, *(len(one.buckets) for one in vectors)])
    indices = np.concatenate([one.buckets for one in vectors])
    values = np.concatenate([one.values for one in vectors])
    table = csr_matrix((values, indices, ends), shape=(len(texts), BUCKETS))
    cues = csr_matrix(np.array([cue_scores(reading) for reading in readings]))
    features = hstack([table, cues]).tocsr()
    fitted = [_fit(features, labels[:, row]) for row in range(labels.shape[1])]
    weights = np.array([one.coef_[0] for one in fitted], np.float32)
    bias = np.array([one.intercept_[0] for one in fitted], np.float32)
    return idf, weights[:, :BUCKETS], weights[:, BUCKETS:], bias


def _fit(features: csr_matrix, wanted: NDArray[np.bool_]) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, solver="liblinear", max_iter=300).fit(features, wanted)


def fit_thresholds(judged: Scores, labels: Labels) -> Scores:
    """Return what each theme must reach: half its own best F1, half that of all together.

    `judged` has the shape passages x themes, of passages that nothing was trained on.
    """
    common = _best(judged.ravel(), labels.ravel())
    own = [_best(judged[:, row], labels[:, row], default=common) for row in range(len(themes()))]
    return (SHRINK * common + (1 - SHRINK) * np.array(own)).astype(np.float32)


def _best(scores: Scores, wanted: Labels, default: float = 0.0) -> float:
    """Return the threshold of the best F1, the curve smoothed over its neighbours."""
    if wanted.sum() < 3:
        return default
    tried = np.unique(np.quantile(scores, np.linspace(0.5, 0.999, 150)))
    given = scores[:, None] >= tried[None, :]
    right = (given & wanted[:, None]).sum(axis=0)
    f1 = 2 * right / (given.sum(axis=0) + wanted.sum())
    smooth = np.convolve(np.pad(f1, 3, mode="edge"), np.ones(7) / 7, mode="valid")
    return float(tried[int(smooth.argmax())])
