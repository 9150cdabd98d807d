"""What is measured side by side, each in one run; the modules say what they compare, and how.

    python -m tests.benchmarks [DIR]            systems of search, quality and cost (`compare`)
    python -m tests.benchmarks reading          reading of documents beside encoding
    python -m tests.benchmarks encoder DIR      the exported model beside sentence-transformers
    python -m tests.benchmarks cold-start DIR   from the shell to the answer of a search
    python -m tests.benchmarks tagging DIR      tagging beside encoding
    python -m tests.benchmarks scale DIR        cost against size, up to a million passages
    python -m tests.benchmarks clusters DIR     grouping of concerns: cost against size, ids kept

DIR is the home of a library (`pfdkb --home DIR ingest ../shared/data/documents
../shared/data/reports`); the first makes one where none is given. The judgements are language
models'.
"""

import sys
from collections.abc import Callable

from tests.benchmarks import (
    child,
    clusters,
    cold_start,
    compare,
    encoder,
    reading,
    scale,
    tagging,
    throughput,
)

OTHERS: dict[str, Callable[..., None]] = {
    "reading": reading.main,
    "encoder": encoder.main,
    "cold-start": cold_start.main,
    "tagging": tagging.main,
    "scale": scale.main,
    "clusters": clusters.main,
    # What the comparison starts as processes of their own.
    "one-system": child.answer_questions,
    "one-ingest": throughput.take_in,
    "one-scale": scale.one,
}


def main() -> None:
    """Run what the command line names."""
    words = sys.argv[1:]
    if words and words[0] in OTHERS:
        OTHERS[words[0]](*words[1:])
    else:
        compare.main(words)


if __name__ == "__main__":
    main()
