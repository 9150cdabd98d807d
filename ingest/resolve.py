"""Which body of the register a name means; what is uncertain goes to a person, never to a guess.

First the name itself, then the spellings of the register, then a misspelling: the register's
nearest name, if nothing but slips of the pen sets the two apart and no other name is as near.
"""

import functools
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process

from ingest.organisations import is_organisation, organisation_key, plain_key, registered, spellings
from ingest.wording import table
from kb.organisations import Organisation, ambiguous_names

How = Literal["name", "alias", "fuzzy"]

_NEAR = 92.0
"""Least token_set_ratio of a misspelling; real ones of one name reach 93 and more."""
_MARGIN = 3.0
_WORTH_A_LOOK = 84.0
_CANDIDATES = 5
# One word is a slip of the pen for another: "Foudation", "Mental Heath", not "Bedford", "Bradford".
_SLIP = 80.0
_SHORTEST_SLIP = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What the register says of a name.

    `found` is None where the name is unknown or uncertain; `how` then is None too. `score` is 100
    for a known spelling, else the likeness (0 to 100) of the nearest name. `candidates` are the
    bodies that an uncertain name may mean, the likeliest first.
    """

    written: str
    found: Organisation | None = None
    how: How | None = None
    score: float = 0.0
    candidates: tuple[Organisation, ...] = ()

    @property
    def name(self) -> str:
        """The register's name where it has one, else the name as written."""
        return self.found.name if self.found else self.written

    @property
    def uncertain(self) -> bool:
        """Whether a person should look: not resolved, yet some body may be meant."""
        return self.found is None and bool(self.candidates)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A name for the review queue, with how often it stands and what it may mean."""

    name: str
    mentions: int
    candidates: tuple[Organisation, ...]


@functools.lru_cache(maxsize=8192)
def resolve(name: str) -> Resolution:
    """Return which body of the register a name means, or why that cannot be told."""
    known = registered(name)
    if known:
        how: How = "name" if plain_key(known.name) == plain_key(name) else "alias"
        return Resolution(written=name, found=known, how=how, score=100.0)
    several = _several().get(plain_key(name))
    if several is not None:
        return Resolution(written=name, score=100.0, candidates=several)
    return _nearest(name)


def review_queue(names: Iterable[str]) -> tuple[Doubt, ...]:
    """Return the names that a person should look at, the most frequent first.

    `names` holds one name for each mention, so that spellings of one key are counted together.
    """
    mentions: Counter[str] = Counter()
    first: dict[str, str] = {}
    for name in names:
        key = organisation_key(name)
        mentions[key] += 1
        first.setdefault(key, name)
    doubts = (
        Doubt(first[key], count, resolve(first[key]).candidates)
        for key, count in mentions.most_common()
    )
    return tuple(doubt for doubt in doubts if doubt.candidates)


@functools.cache
def _several() -> dict[str, tuple[Organisation, ...]]:
    return {plain_key(name): bodies for name, bodies in ambiguous_names().items()}


def _nearest(name: str) -> Resolution:
    """Return the nearest name of the register, resolved only if it is a misspelling for sure."""
    written = organisation_key(name)
    scores: dict[str, float] = {}
    safe: dict[str, float] = {}
    bodies: dict[str, Organisation] = {}
    for spelling, likeness in _likely(written).items():
        one = spellings()[spelling]
        bodies[one.name] = one
        scores[one.name] = max(scores.get(one.name, 0.0), likeness)
        if _only_slips(written, spelling):
            safe[one.name] = max(safe.get(one.name, 0.0), likeness)
    ranked = sorted(scores, key=lambda each: -scores[each])
    best = max(safe, key=lambda each: safe[each], default=None)
    if best is not None and all(
        safe[best] - other >= _MARGIN for each, other in safe.items() if each != best
    ):
        return Resolution(written=name, found=bodies[best], how="fuzzy", score=safe[best])
    worth = [bodies[each] for each in ranked if scores[each] >= _WORTH_A_LOOK or each in safe]
    candidates = tuple(worth[:_CANDIDATES]) if is_organisation(name) else ()
    score = scores[ranked[0]] if ranked else 0.0
    return Resolution(written=name, score=score, candidates=candidates)


def _likely(written: str) -> dict[str, float]:
    """Return the spellings that look like a name or share a word with it, and how like they are.

    To compare with every spelling word by word would take more time than all other reading.
    """
    ordered = _in_order(written)
    near = process.extract(
        ordered, _ordered_spellings(), scorer=fuzz.ratio, limit=None, score_cutoff=_WORTH_A_LOOK
    )
    likely = {spelling: likeness for _, likeness, spelling in near}
    words = _weighty(written)
    for place, word in enumerate(words):
        for spelling in _by_word().get((len(words), place, word), ()):
            if fuzz.token_set_ratio(written, spelling) >= _NEAR:
                likely[spelling] = fuzz.ratio(ordered, _in_order(spelling))
    return likely


def _in_order(key: str) -> str:
    return " ".join(sorted(key.split()))


@functools.cache
def _ordered_spellings() -> dict[str, str]:
    return {spelling: _in_order(spelling) for spelling in spellings()}


@functools.cache
def _by_word() -> dict[tuple[int, int, str], list[str]]:
    """Return the spellings by how many weighty words they have, and by each of these."""
    found: dict[tuple[int, int, str], list[str]] = defaultdict(list)
    for spelling in spellings():
        words = _weighty(spelling)
        for place, word in enumerate(words):
            found[len(words), place, word].append(spelling)
    return dict(found)


def _only_slips(one: str, other: str) -> bool:
    """Tell whether two names differ in nothing but misspelled and empty words.

    A word that is right elsewhere in the register is no misspelling: "north" for "south", "Essex"
    for "Sussex", "council" for "trust", and "Herefordshire" for "Hertfordshire" name another body.
    """
    left, right = _weighty(one), _weighty(other)
    if len(left) != len(right):
        return False
    differing = [pair for pair in zip(left, right, strict=True) if pair[0] != pair[1]]
    return len(left) - len(differing) >= 2 and all(_is_slip(*pair) for pair in differing)


def _is_slip(word: str, correct: str) -> bool:
    if len(word) < _SHORTEST_SLIP or word[0] != correct[0] or word in _right_words():
        return False
    return fuzz.ratio(word, correct) >= _SLIP


def _weighty(key: str) -> list[str]:
    """Return the words that tell a name from others; a trust is one whatever its status."""
    words = key.split()
    if "trust" not in words:
        # One hospital is not the trust of several: "Bedford Hospital", "Bedford Hospitals".
        return [word for word in words if word not in _empty_words()]
    empty = _empty_words() | {"nhs", "foundation"}
    return [_singular(word) for word in words if word not in empty]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 4 and word.endswith("s") else word


@functools.cache
def _empty_words() -> frozenset[str]:
    return frozenset(table("organisations")["empty_words"])


@functools.cache
def _right_words() -> frozenset[str]:
    """Every word that is spelled right: those of the register's own names, and more places."""
    words = {word for one in spellings().values() for word in plain_key(one.name).split()}
    words |= set(table("organisations")["places"])
    return frozenset(words | {_singular(word) for word in words})
