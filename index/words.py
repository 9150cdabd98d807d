"""From what a person typed to an FTS5 query, and from a match back to the words in the text.

Raw text never reaches FTS5: it raises on NUL, quotes and empty input, so a MATCH string is built
from tokens of our own.
"""

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_PREFIXES = ("co", "in", "inter", "multi", "non", "out", "over", "post", "pre", "re", "under")
"""Before these, writers differ: "coordinator" and "co-ordinator", "inpatient" and "in-patient"."""
_HYPHEN = re.compile("[-‐‑]")
_HYPHENED = re.compile(rf"\b({'|'.join(_PREFIXES)})[-‐‑]([^\W\d_]{{4,}})", re.IGNORECASE)
_PHRASE = re.compile(r"[\"“”]([^\"“”]+)[\"“”]")
_LIMIT = 64
"""More words than this add nothing to a search but time; the first ones are kept."""

STOP_WORDS = frozenset(
    """
    a about after all also an and any are as at be because been before being but by can
    could did do does due for from had has have he her him his how i if in into is it its
    may me more my no not of on or our out over she should so some such than that the their
    them then there these they this those to too up us was we were what when where which
    while who why will with would you your
    """.split()
)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a question: `content` without stop words, and `groups` of phrases.

    Of each group one phrase must stand; a quoted phrase is a group of its own. Words that some
    write with a hyphen stand here without it and are searched for in both ways.
    """

    content: tuple[str, ...]
    groups: tuple[tuple[tuple[str, ...], ...], ...] = ()

    @classmethod
    def of(cls, text: str) -> "Words":
        """Read a question of any kind; what holds no words gives empty tuples."""
        phrases = tuple(tuple(tokens(inner)) for inner in _PHRASE.findall(text))
        found = list(dict.fromkeys(tokens(text)))[:_LIMIT]
        content = [word for word in found if word not in STOP_WORDS]
        return cls(tuple(content or found), tuple((p,) for p in phrases if p))

    @property
    def match(self) -> str:
        """An FTS5 query: one phrase of each group must stand, else any word may. "" if none."""
        if self.groups:
            return " AND ".join(f"({any_of(group)})" for group in self.groups)
        return any_of([(word,) for word in self.content])


def tokens(text: str) -> list[str]:
    """Return the words of a text in lower case, in order; "co-ordinator" is one word."""
    joined = _HYPHENED.sub(r"\1\2", text)
    return [match.group().lower() for match in _TOKEN.finditer(joined)]


def any_of(phrases: Iterable[Sequence[str]]) -> str:
    """Return an FTS5 query that any of the phrases answers, each given by its tokens."""
    return " OR ".join(one for phrase in phrases for one in _spellings(phrase))


def _spellings(words: Sequence[str]) -> list[str]:
    """Return a phrase quoted for FTS5, and once more with hyphens if some write it so."""
    apart = (_apart(word) for word in words)
    return list(dict.fromkeys(f'"{" ".join(spelt)}"' for spelt in (words, tuple(apart))))


def _apart(word: str) -> str:
    """Return "co ordinator" for "coordinator": FTS5 sees a hyphened word as two."""
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) >= len(prefix) + 6:
            return f"{prefix} {word.removeprefix(prefix)}"
    return word


def highlights(text: str, words: Words) -> tuple[tuple[int, int], ...]:
    """Return the spans of a passage that hold a word of the question, in any inflection.

    Neighbouring words become one span, so that a phrase is marked as a phrase.
    """
    stems = {stem(word) for word in words.content} | {
        stem(word) for group in words.groups for phrase in group for word in phrase
    }
    if not stems:
        return ()
    likely = _beginning(frozenset(stems)).finditer(text)
    spans = {m.span() for m in likely if stem(m.group().lower()) in stems}
    if _HYPHEN.search(text):
        hyphened = _HYPHENED.finditer(text)
        spans |= {m.span() for m in hyphened if stem((m[1] + m[2]).lower()) in stems}
    return tuple(_joined(text, sorted(spans)))


@functools.lru_cache(maxsize=64)
def _beginning(stems: frozenset[str]) -> re.Pattern[str]:
    """Return a pattern for the tokens that begin with a stem: every word begins with its own."""
    starts = "|".join(re.escape(one).replace("'", "['’]") for one in sorted(stems))
    return re.compile(rf"(?<![^\W_])(?<![^\W_]['’])(?:{starts})[^\W_]*(?:['’][^\W_]+)?", re.I)


def _joined(text: str, spans: Iterable[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    current: tuple[int, int] | None = None
    for start, end in spans:
        if current and not text[current[1] : start].strip(" -–"):
            current = (current[0], max(current[1], end))
            continue
        if current:
            yield current
        current = (start, end)
    if current:
        yield current


@functools.lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Return a rough stem: enough to mark "assessments" for "assessment".

    The search itself uses SQLite's Porter stemmer; marking a word too many or too few changes no
    result, so a few endings are enough here.
    """
    word = word.replace("’", "'").removesuffix("'s")
    for ending in ("ations", "ation", "ating", "ated", "ings", "ing", "ies", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending).rstrip("y")
    return word
