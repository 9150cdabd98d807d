"""The trained tagger: a small language model, hashed words and cues, weighed together.

The judgement of a theme is a sum over the passage's tokens, words and cues, so the part of every
word in a tag is known exactly: the sentence that gathers most is the evidence.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ingest.cues import CueReading, read_cues
from ingest.evidence import evidence
from ingest.tag import MOST_TAGS, around, says_something
from ingest.theme_weights import Scores, Weights, checked, cue_scores, load
from ingest.word_features import Occurrences, Weighted, occurrences, weighted
from kb.documents import SectionKind
from kb.tagging import Taggable, TokenReader, TokenStates
from kb.themes import TagSource, ThemeTag, themes

STEEPNESS = 2.0
"""How sharply what is over a threshold parts the likely themes of a question from the others."""
LEAST = -20.0
"""The judgement of a passage that can show no theme."""
LONGEST = 1500
"""Characters read at once; about what the 256 tokens of the model hold."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A stretch of passage number `passage` that is read at once; `text` begins at `start`."""

    passage: int
    start: int
    text: str
    reading: CueReading
    words: Occurrences
    weighted: Weighted


class ThemeModel:
    """Tags with trained weights, reading the tokens by the network they were trained with."""

    def __init__(self, reader: TokenReader, weights: Weights, *, fingerprint: str = "") -> None:
        self._reader = reader
        self._weights = weights
        self._themes = tuple(themes())
        self.fingerprint = fingerprint

    @classmethod
    def load(cls, reader: TokenReader, folder: Path, *, but: Collection[str] = ()) -> "ThemeModel":
        """Return the tagger of a folder. Raises `ModelUnavailable` unless all of it is as made.

        Files in `but` are not looked at: something else took their place.
        """
        recipe = checked(folder, but=but)
        return cls(reader, load(folder), fingerprint=f"themes:{recipe[:16]}")

    def tag(self, passages: Sequence[Taggable]) -> list[tuple[ThemeTag, ...]]:
        """Return the themes of each passage, the most central first, at most four.

        A score of a half is the theme's threshold. A long passage is read in pieces.
        """
        best: list[dict[str, ThemeTag]] = [{} for _ in passages]
        for piece, tokens, over in self._judged(passages):
            held = best[piece.passage]
            for one in self._tags(piece, tokens, over):
                if one.theme not in held or held[one.theme].score < one.score:
                    held[one.theme] = one
        return [
            tuple(sorted(found.values(), key=lambda one: -one.score)[:MOST_TAGS]) for found in best
        ]

    def themes_of(self, question: str) -> dict[str, float]:
        """Return how likely a question of any length is about each theme, 0..1."""
        piece = self._piece(0, 0, question[:LONGEST], SectionKind.CONCERNS)
        ((_, _, over),) = self._read([piece])
        likely = 1 / (1 + np.exp(-STEEPNESS * over))
        return dict(zip(self._themes, likely.tolist(), strict=True))

    def judgements(self, texts: Sequence[str]) -> Scores:
        """Return by how much each text (rows), as a concern, is over each theme's threshold."""
        found = np.full((len(texts), len(self._themes)), LEAST, np.float32)
        for piece, _, over in self._judged(
            [Taggable(text=text, section=SectionKind.CONCERNS) for text in texts]
        ):
            found[piece.passage] = np.maximum(found[piece.passage], over)
        return found

    def _judged(self, passages: Sequence[Taggable]) -> Iterator[tuple[Piece, TokenStates, Scores]]:
        yield from self._read(
            [piece for at, one in enumerate(passages) for piece in self._pieces(at, one)]
        )

    def _read(self, pieces: Sequence[Piece]) -> Iterator[tuple[Piece, TokenStates, Scores]]:
        for at, tokens in self._reader.read([piece.text for piece in pieces]):
            piece = pieces[at]
            cues = cue_scores(piece.reading)
            yield piece, tokens, self._weights.judged(tokens, piece.weighted, cues)

    def _pieces(self, at: int, passage: Taggable) -> Iterator[Piece]:
        text, section = passage.text, passage.section
        if not says_something(text, section=section, boilerplate=passage.boilerplate):
            return
        for start, end in stretches(text):
            yield self._piece(at, start, text[start:end], section)

    def _piece(self, at: int, start: int, text: str, section: SectionKind | None) -> Piece:
        reading = read_cues(text, section=section)
        words = occurrences(reading.plain)
        return Piece(at, start, text, reading, words, weighted(words, self._weights.idf))

    def _tags(self, piece: Piece, tokens: TokenStates, over: Scores) -> Iterator[ThemeTag]:
        for row in np.flatnonzero(over >= 0).tolist():
            start, end = self._evidence(row, piece, tokens)
            yield ThemeTag(
                theme=self._themes[row],
                score=round(float(1 / (1 + np.exp(-over[row]))), 3),
                start=piece.start + start,
                end=piece.start + end,
                source=TagSource.MODEL,
            )

    def _evidence(self, row: int, piece: Piece, tokens: TokenStates) -> tuple[int, int]:
        """Return the words that earned most: a cue of the best sentence, else its best token."""
        reading = piece.reading
        # The network's own marks stand at no words, so they earn nothing.
        gains = np.where(tokens.ends > 0, self._weights.token_gains(row, tokens), 0)
        cues = reading.places.get(self._themes[row], ())
        sentence = int(self._by_sentence(row, piece, tokens, gains).argmax())
        here = [f for f in cues if f.sentence == sentence and f.cue.weight > 0]
        if here:
            return around(reading, max(here, key=lambda f: f.cue.weight * f.share))
        inside = (_sentence_of(reading, tokens.starts) == sentence) & (tokens.ends > 0)
        if not inside.any():
            return evidence(
                reading.plain, reading.sentences[sentence], *reading.sentences[sentence]
            )
        token = int(np.where(inside, gains, -np.inf).argmax())
        at = int(tokens.starts[token]), int(tokens.ends[token])
        return evidence(reading.plain, reading.sentences[sentence], *at)

    def _by_sentence(self, row: int, piece: Piece, tokens: TokenStates, gains: Scores) -> Scores:
        """Return what each sentence adds to the judgement of a theme."""
        weights, reading = self._weights, piece.reading
        share = weights.share
        size = len(reading.sentences)
        of_words = piece.weighted.each * weights.of_words[row, piece.words.buckets]
        total = share * np.bincount(_sentence_of(reading, tokens.starts), gains, minlength=size)
        total += (1 - share) * np.bincount(
            _sentence_of(reading, piece.words.starts), of_words, minlength=size
        )
        for found in reading.places.get(self._themes[row], ()):
            total[found.sentence] += (1 - share) * found.cue.weight * found.share
        return total.astype(np.float32)


def stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a text is cut so that each piece is short enough: at a blank, none lost."""
    start = 0
    while len(text) - start > LONGEST:
        end = text.rfind(" ", start + LONGEST // 2, start + LONGEST) + 1 or start + LONGEST
        yield start, end
        start = end
    yield start, len(text)


def _sentence_of(reading: CueReading, places: np.ndarray) -> np.ndarray:
    starts = np.array([start for start, _ in reading.sentences])
    return np.searchsorted(starts, places, side="right") - 1
