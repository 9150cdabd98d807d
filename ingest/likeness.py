"""Near-identical reports: the same concerns sent to several bodies, or a report issued again.

They are linked and never merged: each is a document of its own, with its own recipients.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

_RUN = 8
"""Words in a row that are compared; shorter runs recur by chance."""
_MOST_HOLDERS = 12
"""A run that stands in more documents than this is wording of the form."""
_LEAST_SHARE = 0.6
_LEAST_RUNS = 20


def near_identical(texts: Mapping[str, str]) -> Iterator[tuple[str, str, float]]:
    """Yield (docno, docno, share) of documents of which one nearly holds the other's words.

    `share` is the part of the shorter one's runs of eight words that the other holds too, 0..1,
    leaving out runs that many documents hold. Pairs come once, in order of docno.
    """
    runs = {docno: _runs(text) for docno, text in texts.items()}
    holders: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for docno in sorted(runs):
        for run in runs[docno]:
            holders[run].append(docno)
    common: Counter[tuple[str, str]] = Counter()
    own: Counter[str] = Counter()
    for those in holders.values():
        if len(those) <= _MOST_HOLDERS:
            own.update(those)
            pairs = ((a, b) for n, a in enumerate(those) for b in those[n + 1 :])
            common.update(pairs)
    for (one, other), shared in sorted(common.items()):
        shorter = min(own[one], own[other])
        if shorter >= _LEAST_RUNS and shared / shorter >= _LEAST_SHARE:
            yield one, other, shared / shorter


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return {tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}
