"""Plain taggers to measure ours against, trained in the same run on the same labels."""

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from ingest.labels import Labelled
from ingest.theme_training import Labels, fit_thresholds, label_table
from ingest.theme_weights import Scores
from kb.encoder import Encoder

_FOLDS = 4


def words_alone(train: Sequence[Labelled], test: Sequence[Labelled]) -> Labels:
    """Return what TF-IDF of words and pairs with a logistic regression says of each passage."""
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    features = words.fit_transform([one.text for one in train])
    return _judged(features, train, words.transform([one.text for one in test]), strength=10.0)


def meaning_alone(
    train: Sequence[Labelled], test: Sequence[Labelled], *, encoder: Encoder
) -> Labels:
    """Return what the search model's vectors with a logistic regression say of each passage."""
    features = encoder.encode([one.text for one in train])
    return _judged(features, train, encoder.encode([one.text for one in test]), strength=5.0)


def _judged(
    features: Scores, train: Sequence[Labelled], asked: Scores, *, strength: float
) -> Labels:
    """Thresholds are set on folds of the training labels, never on what is asked."""
    wanted = label_table(train)
    unseen = np.zeros(wanted.shape, np.float32)
    for rest, fold in GroupKFold(_FOLDS).split(wanted, groups=[one.report for one in train]):
        unseen[fold] = _scores(features[rest], wanted[rest], features[fold], strength)
    found: Labels = _scores(features, wanted, asked, strength) >= fit_thresholds(unseen, wanted)
    return found


def _scores(features: Scores, wanted: Labels, asked: Scores, strength: float) -> Scores:
    rows = []
    for row in range(wanted.shape[1]):
        model = LogisticRegression(C=strength, solver="liblinear", max_iter=300)
        rows.append(model.fit(features, wanted[:, row]).decision_function(asked))
    return np.array(rows, np.float32).T
