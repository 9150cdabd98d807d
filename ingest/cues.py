"""Cues: the words of `ingest/data/cues.yaml` that speak for a theme, and where they stand."""

import functools
import math
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.documents import SectionKind
from kb.shipped import read_yaml

CUES = Path(__file__).with_name("data") / "cues.yaml"
ELSEWHERE = 0.5  # share of a cue that stands outside the theme's best sentence

# Share of a cue whose sentence says of nothing that it is wrong. In an answer what the action is
# about is the point; in a story of what happened a mention is hardly ever one.
MENTIONED = 0.6
_MENTIONED_IN = {
    SectionKind.ANSWER: 1.0,
    SectionKind.RECOMMENDATIONS: 1.0,
    SectionKind.BODY: 1.0,
    SectionKind.PREAMBLE: 0.3,
    SectionKind.INVESTIGATION: 0.3,
    SectionKind.CIRCUMSTANCES: 0.3,
}

_PLAIN = str.maketrans("‘’ʼ′“”‐‑‒–—―\xa0", "''''\"\"------ ")
_WORD_START = re.compile(r"(?<![a-z0-9_])[a-z0-9]+")
_SENTENCE_END = re.compile(r"(?<=[.!?;])(?<!\bmr\.)(?<!\bdr\.)(?<!\bms\.)(?<!\bmrs\.)\s+|\s*\n\s*")
_LITERAL = re.compile(r"[a-z0-9]+")
_WORD_ENDS = re.compile(r"$|[ :'&-](?!\?)|\\[.(](?!\?)")
_BRIDGE = r"(?:[^\w.;:?!\n]+[\w'-]+){0,5}?[^\w.;:?!\n]+"


@dataclass(frozen=True, slots=True, eq=False)
class Cue:
    """Words that speak for a theme (against it, where the weight is negative)."""

    theme: str
    weight: float
    find: Mapping[str, "Phrases"]
    needs: re.Pattern[str] | None
    cancelled_by: re.Pattern[str] | None

    def holds_in(self, sentence: str) -> bool:
        """Tell whether the rest of the sentence lets the cue count."""
        if self.needs is not None and not self.needs.search(sentence):
            return False
        return self.cancelled_by is None or not self.cancelled_by.search(sentence)


@dataclass(frozen=True, slots=True)
class Rule:
    """The weight that a passage must gather to show a theme; the score there is a half.

    `mentioned` is the most that a cue may earn in a sentence that says of nothing that it is wrong.
    """

    threshold: float
    mentioned: float


@dataclass(frozen=True, slots=True)
class CueBook:
    """All cues, looked up by how their first word begins, and the rules of the themes."""

    starts: Mapping[str, Sequence[tuple[Cue, "Phrases"]]]
    rules: Mapping[str, Rule]
    failure: "Phrases"


@dataclass(frozen=True, slots=True)
class Found:
    """One cue at one place; `share` is how much of its weight it earns there."""

    cue: Cue
    start: int
    end: int
    sentence: int
    share: float


@dataclass(frozen=True, slots=True)
class CueReading:
    """A text in plain letters, its sentences, and the places that speak for each theme."""

    plain: str
    sentences: Sequence[tuple[int, int]]
    places: Mapping[str, Sequence[Found]]


def phrase_regex(phrase: str) -> str:
    """Return the regular expression of a phrase as written in the cue file."""
    parts = phrase.strip().replace("-?", r"[\s-]*").split(" ~ ")
    return _BRIDGE.join(part.replace(" ", r"[\s/-]+") for part in parts)


def phrase_key(phrase: str) -> str:
    """Return how the words that a phrase finds begin: three letters, or one whole short word.

    Raises `ValueError` where the beginning is not certain ("re-?assess", "ca?re").
    """
    word = (_LITERAL.match(phrase) or [""])[0]
    after = phrase[len(word) :]
    certain = len(word) - (after[:1] in tuple("?*{"))
    if certain < 3 and not (word and _WORD_ENDS.match(after)):
        raise ValueError(f"The cue '{phrase}' must begin with three letters that always stand.")
    return word[:3]


class Phrases:
    """Finds any of some phrases; compiled when first asked, since a question needs few of them."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._phrases = tuple(phrases)

    @functools.cached_property
    def pattern(self) -> re.Pattern[str]:
        """The phrases as one regular expression."""
        every = "|".join(phrase_regex(one) for one in self._phrases)
        return re.compile(rf"(?<!\w)(?:{every})(?!\w)")


def _cue(theme: str, row: Mapping[str, Any]) -> Cue:
    by_key: dict[str, list[str]] = defaultdict(list)
    for phrase in row["find"].split(" | "):
        by_key[phrase_key(phrase)].append(phrase)
    return Cue(
        theme=theme,
        weight=float(row["weight"]),
        find={key: Phrases(phrases) for key, phrases in by_key.items()},
        needs=re.compile(row["needs"]) if "needs" in row else None,
        cancelled_by=re.compile(row["not"]) if "not" in row else None,
    )


@functools.cache
def cue_book() -> CueBook:
    """Return the cues, read and compiled once. Raises `ValueError` on a cue that cannot work."""
    raw = read_yaml(CUES)
    starts: dict[str, list[tuple[Cue, Phrases]]] = defaultdict(list)
    rules: dict[str, Rule] = {}
    for theme, entry in raw["themes"].items():
        most = MENTIONED if entry.get("concern_only") else 1.0
        rules[theme] = Rule(float(entry["threshold"]), most)
        for row in entry["cues"]:
            cue = _cue(theme, row)
            for key, phrases in cue.find.items():
                starts[key].append((cue, phrases))
    return CueBook(dict(starts), rules, Phrases(raw["failure"].split(" | ")))


def read_cues(text: str, *, section: SectionKind | None = None) -> CueReading:
    """Return where the cues of a text stand. `section` None means unknown: a concern."""
    plain = plain_text(text)
    sentences = sentence_spans(plain)
    mentioned = MENTIONED if section is None else _MENTIONED_IN.get(section, MENTIONED)
    places: dict[str, list[Found]] = defaultdict(list)
    for found in _find(plain, sentences, cue_book(), mentioned=mentioned):
        places[found.cue.theme].append(found)
    return CueReading(plain, sentences, places)


def score(places: Sequence[Found], theme: str) -> tuple[float, Found | None]:
    """Return the score (0..1, a half at the threshold) and the place that earned most of it.

    None: nothing speaks for the theme. A cue counts once, where it earns most; those of the best
    sentence whole, the others in part.
    """
    gains: dict[int, dict[Cue, Found]] = defaultdict(dict)
    rest: dict[Cue, float] = {}
    for found in places:
        kept = gains[found.sentence].setdefault(found.cue, found)
        if found.end - found.start > kept.end - kept.start:
            gains[found.sentence][found.cue] = found
    best = max(gains.values(), key=_sum)
    for found in places:
        if found.cue not in best:
            rest[found.cue] = max(rest.get(found.cue, 0.0), found.share)
    gathered = _sum(best) + ELSEWHERE * sum(c.weight * share for c, share in rest.items())
    place = max(best.values(), key=lambda f: (f.cue.weight * f.share, f.end - f.start))
    over = gathered - cue_book().rules[theme].threshold
    return 1 / (1 + math.exp(-over)), place if place.cue.weight > 0 else None


def _sum(cues: Mapping[Cue, Found]) -> float:
    return sum(cue.weight * found.share for cue, found in cues.items())


def plain_text(text: str) -> str:
    """Lower the case and straighten quotes and dashes; every character keeps its place."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a dotted capital I grows when lowered
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return lowered.translate(_PLAIN)


def sentence_spans(plain: str) -> list[tuple[int, int]]:
    ends = [(m.start(), m.end()) for m in _SENTENCE_END.finditer(plain)]
    starts = [0, *(after for _, after in ends)]
    return list(zip(starts, [*(before for before, _ in ends), len(plain)], strict=True))


def _find(
    plain: str, sentences: Sequence[tuple[int, int]], book: CueBook, *, mentioned: float
) -> Iterator[Found]:
    """Yield every cue that counts, at each place where it stands."""
    starts = [start for start, _ in sentences]
    words = [plain[start:end] for start, end in sentences]
    wrong = [book.failure.pattern.search(sentence) is not None for sentence in words]
    for word in _WORD_START.finditer(plain):
        at = word.start()
        for cue, phrases in book.starts.get(word[0][:3], ()):
            match = phrases.pattern.match(plain, at)
            if match is None:
                continue
            number = bisect_right(starts, at) - 1
            if cue.holds_in(words[number]):
                share = 1.0 if wrong[number] else min(mentioned, book.rules[cue.theme].mentioned)
                yield Found(cue, at, match.end(), number, share)
