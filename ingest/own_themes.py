"""Tagging with users' own themes: by their cues, and by likeness to their examples.

They are rules, and quick: the whole library is tagged when a theme is made, a document when it is
written, and everything again when the model of the vectors changes.
"""

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ingest.cues import plain_text, sentence_spans
from ingest.evidence import LONGEST_EVIDENCE, evidence
from kb.own_themes import OwnTheme
from kb.store import Store, meta, own_themes
from kb.store.own_themes import Candidate
from kb.themes import ThemeTag

LIKENESS = 0.62
"""Cosine to an example from which a passage counts as like it."""
_RENEWED = "own_themes"
_WORD = re.compile(r"[a-z]{4,}")


@dataclass(frozen=True, slots=True, eq=False)
class _Ready:
    """An own theme as it is looked for; `find` None where it has no cue."""

    theme: OwnTheme
    find: re.Pattern[str] | None
    examples: Sequence[Candidate]


def add_own_theme(store: Store, own: OwnTheme) -> int:
    """Keep a new theme and tag the library with it; return how many passages show it.

    Raises `UsageError` for a name that is taken, `NotHeld` for an example that is not held.
    """
    with store.db.atomic():
        kept = own_themes.keep(store.db, own)
        return _write(store, kept, docno=None)


def tag_document(store: Store, docno: str) -> None:
    """Tag a document just written with every own theme. The caller holds the transaction."""
    for own in own_themes.every(store.db):
        _write(store, own, docno=docno)


def renew_own_themes(store: Store) -> int:
    """Tag the library anew where the model of its vectors has changed; return how many themes."""
    model = _model(store)
    held = own_themes.every(store.db)
    if meta.get(store.db, _RENEWED) == model:
        return 0
    with store.db.atomic():
        for own in held:
            _write(store, own, docno=None)
        meta.put(store.db, _RENEWED, model)
    return len(held)


def _model(store: Store) -> str | None:
    fingerprint: str | None = (meta.get(store.db, "model") or {}).get("fingerprint")
    return fingerprint


def _write(store: Store, own: OwnTheme, *, docno: str | None) -> int:
    model = _model(store)
    examples = own_themes.examples(store.db, own.examples, model)
    ready = _Ready(own, _pattern(own.cues), examples)
    passages = own_themes.candidates(store.db, model, docno=docno)
    found = [(one.id, tag) for one in passages for tag in _tags(ready, one)]
    own_themes.write_tags(store.db, own.key, found, docno=docno)
    return len(found)


def _tags(ready: _Ready, passage: Candidate) -> Iterator[ThemeTag]:
    """Yield the one tag that a passage earns, if any: an example, a cue, or a likeness."""
    plain = plain_text(passage.text)
    match = ready.find.search(plain) if ready.find else None
    likeness, like = _likest(ready.examples, passage)
    if passage.key in ready.theme.examples:
        score, place = 1.0, (0, len(passage.text))
    elif match:
        score, place = 1.0, _around(plain, match.start(), match.end())
    elif like is not None and likeness >= LIKENESS:
        score, place = round(likeness, 3), _most_alike(plain, like.text)
    else:
        return
    yield ThemeTag(theme=ready.theme.key, score=score, start=place[0], end=place[1])


def _likest(examples: Sequence[Candidate], passage: Candidate) -> tuple[float, Candidate | None]:
    """Return the cosine to the likest example, and that example; 0 and None without vectors."""
    if passage.vector is None:
        return 0.0, None
    near = [(float(np.dot(one.vector, passage.vector)), one) for one in examples
            if one.vector is not None]  # fmt: skip
    return max(near, key=lambda pair: pair[0], default=(0.0, None))


def _around(plain: str, start: int, end: int) -> tuple[int, int]:
    """Return the sentence or clause around a place."""
    spans = sentence_spans(plain)
    sentence = next((span for span in spans if span[0] <= start < span[1]), (0, len(plain)))
    return evidence(plain, sentence, start, end)


def _most_alike(plain: str, example: str) -> tuple[int, int]:
    """Return a short passage whole, else its sentence that shares most words with the example."""
    if len(plain) <= LONGEST_EVIDENCE:
        return 0, len(plain)
    said = set(_WORD.findall(plain_text(example)))

    def shared(span: tuple[int, int]) -> int:
        return len(said & set(_WORD.findall(plain[slice(*span)])))

    start, end = max((s for s in sentence_spans(plain) if plain[slice(*s)].strip()), key=shared)
    return evidence(plain, (start, end), start, start + 1)


@functools.lru_cache(maxsize=256)
def _pattern(cues: tuple[str, ...]) -> re.Pattern[str] | None:
    """Return what finds any of the cues in plain text; None where there is none.

    A blank in a cue stands for blanks, hyphens and slashes; `*` for the rest of a word.
    """
    if not cues:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(_regex(cue) for cue in cues)})(?!\w)")


def _regex(cue: str) -> str:
    words = plain_text(cue).replace("-", " ").split()
    return r"[\s/-]+".join(re.escape(w.rstrip("*")) + (r"\w*" if "*" in w else "") for w in words)
