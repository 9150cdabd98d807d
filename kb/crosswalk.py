"""What the codebook's themes are called in published frames of others."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kb.settings import corpus_folder
from kb.shipped import read_yaml


class Likeness(StrEnum):
    """How a published term stands to a theme of ours."""

    EXACT = "exact"
    BROAD = "broad"
    NARROW = "narrow"
    RELATED = "related"

    @property
    def label(self) -> str:
        """It as a person reads it."""
        return _LABELS[self]


_LABELS = {
    Likeness.EXACT: "means the same",
    Likeness.BROAD: "covers more",
    Likeness.NARROW: "covers a part",
    Likeness.RELATED: "overlaps",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A published way of sorting such concerns; `about` says of what and from when."""

    key: str
    name: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A term of a frame and how it stands to a theme of ours."""

    frame: Frame
    term: str
    match: Likeness


@dataclass(frozen=True, slots=True, kw_only=True)
class Crosswalk:
    """All frames, and the terms of each theme in the order of the frames."""

    frames: Mapping[str, Frame]
    themes: Mapping[str, tuple[Term, ...]]


@functools.cache
def crosswalk() -> Crosswalk:
    """Return the shipped crosswalk. Raises `ValueError` for a term of no frame or no such match."""
    raw = read_yaml(corpus_folder() / "crosswalk.yaml")
    frames = {row["key"]: Frame(**row) for row in raw["frames"]}
    return Crosswalk(
        frames=frames,
        themes={theme: tuple(_terms(rows, frames)) for theme, rows in raw["themes"].items()},
    )


def _terms(rows: Mapping[str, Mapping[str, str]], frames: Mapping[str, Frame]) -> list[Term]:
    unknown = set(rows) - set(frames)
    if unknown:
        raise ValueError(f"The crosswalk names no frame {', '.join(sorted(unknown))}.")
    return [
        Term(frame=frame, term=term, match=Likeness(match))
        for key, frame in frames.items()
        for term, match in rows.get(key, {}).items()
    ]
