"""Learning how alike two concerns are, from pairs that were read.

    python -m index.concern_training HOME corpus/labels/concern_pairs.jsonl

reads the pairs by their places in the library at HOME, prints how well pairs of reports that
nothing was learnt from are told apart, and writes `data/likeness.json`.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.preprocessing import StandardScaler

from index import concern_likeness as likeness
from index.cluster_units import described, read_units, statement_vectors
from index.concern_likeness import WEIGHTS, features
from index.encoder import encoder_for
from kb.refs import text_hash
from kb.settings import DEFAULT_MODEL, Home
from kb.store import Store

_WEIGHT = {"read": 1.0, "entry": 0.4, "assumed": 0.5}
"""Of a pair that was read, one that follows from two readings, and one taken to differ."""
_STRENGTH = 0.1
_FOLDS = 8


def train(home: Home, labels: Path) -> None:
    """Learn the weights and write them. Prints the area under the curve of pairs held out."""
    encoder = encoder_for(DEFAULT_MODEL, home)
    with Store.writing(home, purpose="clusters") as store:
        units = read_units(store, encoder)
        found: dict[str, Any] = {}
        found["words"] = _short(likeness.word_rarity([one.core for one in units.points]))
        found["marks"] = _short(likeness.rarity_of(units.core_marks))
        near = (3 * units.core + units.whole) @ statement_vectors(encoder).T / 4
        found["near_mean"] = _short(near.mean(axis=0))
        found["near_spread"] = _short(near.std(axis=0))
        _write(found)
        points = described(units, encoder)
        places = {
            (one.key, one.start, text_hash(one.text)[:16]): row
            for row, one in enumerate(units.points)
        }
    left, right, same, weight = _pairs(labels, places)
    table = features(points, left, right)
    for name, columns in (("cosine", table[:, :1]), ("learnt", table)):
        _report(name, columns, same, weight, left, right)
    _write(found | _fit(table, same, weight))
    print(f"{len(same)} pairs; written to {WEIGHTS}")


def _pairs(file: Path, places: dict[tuple[str, int, str], int]) -> tuple[NDArray[Any], ...]:
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    found = []
    for row in rows:
        ends = [
            places.get((p["passage"], p["start"], p["sha256"])) for p in (row["one"], row["other"])
        ]
        if None not in ends:
            found.append((*ends, int(row["same"]), _WEIGHT[row["how"]]))
    print(f"{len(found)} of {len(rows)} pairs stand in this library")
    return tuple(np.array(column) for column in zip(*found, strict=True))


def _apart(left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number the pairs by the chain of points they hang together by."""
    top: dict[int, int] = {}

    def find(one: int) -> int:
        while top.setdefault(one, one) != one:
            one = top[one]
        return one

    for a, b in zip(left.tolist(), right.tolist(), strict=True):
        top[find(a)] = find(b)
    return np.array([find(one) for one in left.tolist()])


def _report(name: str, table: Any, same: Any, weight: Any, left: Any, right: Any) -> None:
    """Print how well the pairs that were read are told apart by what the others teach."""
    read = np.flatnonzero(weight == _WEIGHT["read"])
    groups = _apart(left[read], right[read])
    odds = np.zeros(len(read))
    folds = StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=1)
    for _, test in folds.split(read, same[read], groups):
        seen = np.concatenate([left[read[test]], right[read[test]]])
        learn = ~(np.isin(left, seen) | np.isin(right, seen))
        model, scaler = _fitted(table[learn], same[learn], weight[learn])
        odds[test] = model.decision_function(scaler.transform(table[read[test]]))
    same = same[read]
    print(
        f"{name:8} AUC {roc_auc_score(same, odds):.3f}"
        f"  average precision {average_precision_score(same, odds):.3f}"
    )


def _fitted(table: Any, same: Any, weight: Any) -> tuple[LogisticRegression, StandardScaler]:
    scaler = StandardScaler().fit(table)
    model = LogisticRegression(C=_STRENGTH, max_iter=2000)
    return model.fit(scaler.transform(table), same, sample_weight=weight), scaler


def _fit(table: Any, same: Any, weight: Any) -> dict[str, Any]:
    model, scaler = _fitted(table, same, weight)
    weights = model.coef_[0] / scaler.scale_
    bias = float(model.intercept_[0] - weights @ scaler.mean_)
    return {"bias": round(bias, 6), "features": _short(weights)}


def _short(values: Sequence[float] | NDArray[np.floating[Any]]) -> list[float]:
    return [round(float(one), 5) for one in values]


def _write(found: dict[str, Any]) -> None:
    WEIGHTS.write_text(json.dumps(found) + "\n", encoding="utf-8")


if __name__ == "__main__":
    train(Home(Path(sys.argv[1])), Path(sys.argv[2]))
