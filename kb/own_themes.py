"""Themes that a library's users define for themselves, beside the codebook and never in it."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from kb.errors import UsageError
from kb.themes import OWN, Theme

OWN_GROUP = "Themes of your own"
_MARK = " (own theme)"
_LONGEST = {"name": 80, "definition": 2_000, "cue": 120}
_MOST = {"cues": 60, "examples": 40}
_KEY = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTheme:
    """A user's theme: a passage shows it where a cue stands or where it is like an example.

    `cues` are words or phrases; `*` at a word's end stands for any ending. `examples` are keys of
    passages. `at` is when it was made, empty until it is kept.
    """

    key: str
    name: str
    definition: str
    cues: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    who: str = ""
    at: str = ""

    def theme(self) -> Theme:
        """Return it as a theme among others; its name says whose it is wherever it is shown."""
        return Theme(
            key=self.key,
            name=self.name + _MARK,
            group=OWN_GROUP,
            definition=self.definition or "No definition was written.",
        )


def own_theme(
    *, name: str, definition: str, cues: Iterable[str], examples: Iterable[str], who: str
) -> OwnTheme:
    """Return a theme as a user wrote it. Raises `UsageError` naming what cannot be."""
    name = " ".join(name.split())
    if not name:
        raise UsageError("The theme needs a name.")
    kept = tuple(dict.fromkeys(" ".join(cue.split()) for cue in cues if cue.strip()))
    keys = tuple(dict.fromkeys(one.strip() for one in examples if one.strip()))
    definition = definition.strip()
    for what, value in (("name", name), ("definition", definition), *(("cue", c) for c in kept)):
        if len(value) > _LONGEST[what]:
            raise UsageError(f"The {what} is too long: at most {_LONGEST[what]} characters.")
    for what, values in (("cues", kept), ("examples", keys)):
        if len(values) > _MOST[what]:
            raise UsageError(f"A theme can have at most {_MOST[what]} {what}.")
    if not kept and not keys:
        raise UsageError("The theme needs a cue or an example, or no passage could show it.")
    for cue in kept:
        _check_cue(cue)
    for key in keys:
        if not _KEY.fullmatch(key):
            raise UsageError(f"'{key[:40]}' is not the key of a passage (12 letters and digits).")
    return OwnTheme(
        key=OWN + _slug(name), name=name, definition=definition, cues=kept, examples=keys, who=who
    )


def _check_cue(cue: str) -> None:
    """Refuse cues that would find nearly every passage, or a `*` that is not at a word's end."""
    words = cue.split()
    if any("*" in word[:-1] for word in words):
        raise UsageError(f"In the cue '{cue}' a * may only stand at the end of a word.")
    if not any(len(re.sub(r"\W", "", word)) >= (3 if "*" in word else 2) for word in words):
        raise UsageError(f"The cue '{cue}' is too short; it would be found nearly everywhere.")


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return slug or hashlib.sha256(name.encode()).hexdigest()[:8]
