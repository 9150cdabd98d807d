"""What two concerns have in common: their telling words, their meaning, their themes."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from index.fusion import LEAST_MEANING
from index.words import STOP_WORDS, any_of, tokens
from kb.encoder import Vectors
from kb.store import Store
from kb.store import similar as held

LEAST_COSINE = 0.40
"""Below this two of three concerns have nothing to do with each other (MiniLM, 507 pairs)."""
_WORDS = 0.5
_THEMES = 0.3

_MOST_TELLING = 12
_MOST_COUNTED = 200
_LEAST_SHARE = 1 / 3500
"""A word rarer than this is most often a name or a misprint."""
_MOST_SHARE = 1 / 4
_NAME_SHARE = 1 / 200
"""A word that is written with a capital only, and is rarer than this, is taken for a name: the next
"Mr Evans" has nothing to do with the first.
"""
_WORD = re.compile(r"[^\W\d_][^\W_]*(?:['’][^\W_]+)?")

Wording = frozenset[tuple[str, ...]]

_SHORT = 8
_SAME = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A concern ready to be compared. `vectors` are of its `parts`, () where there is no model."""

    parts: tuple[str, ...]
    vectors: Sequence[Vectors]
    themes: Mapping[str, float]
    telling: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Candidate:
    """What a passage has in common with the concern asked about."""

    passage: int
    document: int
    meaning: float = 0.0
    words: float = 0.0
    themes: float = 0.0
    why: tuple[str, ...] = field(default=())
    score: float = 0.0


def telling_words(store: Store, text: str, *, passages: int) -> tuple[str, ...]:
    """Return the rarest words of a text that the library has, `passages` being how many it holds.

    All the words of a long text would find what is written about most, and slowly.
    """
    words = [w for w in dict.fromkeys(tokens(text)) if w not in STOP_WORDS and len(w) > 2]
    words = [word for word in words if not word.isdigit()][:_MOST_COUNTED]
    counts = held.holding(store.db, {word: any_of([(word,)]) for word in words})
    least = max(1, round(passages * _LEAST_SHARE))
    names = {word for word in _capitalised(text) if counts.get(word, 0) < passages * _NAME_SHARE}
    known = sorted((n, word) for word, n in counts.items() if n >= least and word not in names)
    rare = [one for one in known if one[0] <= passages * _MOST_SHARE] or known
    return tuple(word for _, word in rare[:_MOST_TELLING])


def _capitalised(text: str) -> frozenset[str]:
    """Return the words that stand with a capital only, none of a text that is all capitals."""
    found = _WORD.findall(text)
    small = {word for word in found if not word[0].isupper()}
    return frozenset({word.lower() for word in found} - small) if small else frozenset()


def rank(candidates: Iterable[Candidate], *, by_meaning: bool) -> list[Candidate]:
    """Return the best passage of each document, best first, without what is too far off."""
    near = [c for c in candidates if not by_meaning or c.meaning >= LEAST_COSINE]
    most_meaning = max((c.meaning for c in near), default=0.0) - LEAST_MEANING or 1.0
    most_words = max((c.words for c in near), default=0.0) or 1.0
    for c in near:
        meaning = max(0.0, c.meaning - LEAST_MEANING) / most_meaning
        c.score = meaning + _WORDS * c.words / most_words + _THEMES * c.themes
        reasons = (("words", c.words), ("meaning", c.meaning))
        c.why = tuple(name for name, value in reasons if value > 0)
    best: dict[int, Candidate] = {}
    for c in sorted(near, key=lambda c: (-c.score, c.passage)):
        best.setdefault(c.document, c)
    return list(best.values())


def wording(text: str) -> Wording:
    """Return what tells whether texts have nearly the same words: their runs of three."""
    words = [word for word in tokens(text) if not word.isdigit()]
    if len(words) < _SHORT:
        return frozenset([tuple(words)])
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def same_words(one: Wording, other: Wording) -> bool:
    """Tell whether two texts say nearly the same in nearly the same words, numbers aside."""
    return len(one & other) >= _SAME * len(one | other)
