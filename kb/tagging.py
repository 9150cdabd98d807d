"""The seams of tagging: who gives passages their themes, and what reads their words for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kb.documents import SectionKind
from kb.themes import ThemeTag


@dataclass(frozen=True, slots=True, kw_only=True)
class Taggable:
    """A passage as a tagger sees it; `section` None means unknown: a concern."""

    text: str
    section: SectionKind | None = None
    boilerplate: bool = False


class Tagger(Protocol):
    """Gives passages their themes; equal fingerprints mean equal tags for equal passages."""

    @property
    def fingerprint(self) -> str:
        """Names the rules and the weights."""

    def tag(self, passages: Sequence[Taggable]) -> list[tuple[ThemeTag, ...]]:
        """Return the themes of each passage, the most central first."""


class QuestionReader(Protocol):
    """Tells what a question is about."""

    def themes_of(self, question: str) -> dict[str, float]:
        """Return how likely a question is about each theme of the codebook, 0..1.

        Raises `ModelUnavailable` where the weights cannot be read.
        """


@dataclass(frozen=True, slots=True, eq=False)
class TokenStates:
    """What a language model makes of a text's tokens.

    `states` has shape (tokens, width); `starts` and `ends` are each token's place in the text, in
    characters (both nought for a token that stands for no words).
    """

    states: NDArray[np.float32]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


class TokenReader(Protocol):
    """Reads texts with a language model, token by token."""

    def read(self, texts: Sequence[str]) -> Iterator[tuple[int, TokenStates]]:
        """Yield each text's place in `texts` and its tokens, in any order."""
