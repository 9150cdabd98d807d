"""The words by which a sentence of a letter says that something was, is or will be done."""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.wording import table
from kb.records import ActionStatus

_VOWELS = "aeiou"
_NEAR = 200  # characters before a cue that can make it a mere case


@dataclass(frozen=True, slots=True)
class Cue:
    """How far an action is and where a sentence says so; `past` tells the plain past ("was")."""

    status: ActionStatus
    start: int
    end: int
    past: bool


def find_cues(words: str) -> list[Cue]:
    """Return the cues of a sentence in order, none of which overlap."""
    found: list[Cue] = []
    for status, pattern in _cues():
        for match in pattern.finditer(words):
            free = all(match.end() <= cue.start or match.start() >= cue.end for cue in found)
            if free and not _supposed().search(words, max(0, match.start() - _NEAR), match.start()):
                past = match[0].lower().startswith(("was ", "were "))
                found.append(Cue(status, *match.span(), past))
    return sorted(found, key=lambda cue: cue.start)


def lead_in(words: str) -> Cue | None:
    """Return what a list's lead-in says of its items ("We have taken these actions:")."""
    for status, pattern in _lead_ins():
        if match := pattern.search(words):
            return Cue(status, *match.span(), past=False)
    return None


@functools.cache
def _supposed() -> re.Pattern[str]:
    return re.compile(table("actions")["supposed"], re.IGNORECASE)


@functools.cache
def _cues() -> tuple[tuple[ActionStatus, re.Pattern[str]], ...]:
    data = table("actions")
    base, past, ing = _forms()
    parts = {
        "{base}": _any(base),
        "{past}": _any(past),
        "{ing}": _any(ing),
        "{effect}": _any(data["verbs"]["effects"]),
        "{adverbs}": data["adverbs"],
        "{actors}": data["actors"],
    }
    return tuple(
        (ActionStatus(row["status"]), re.compile(_filled(row["words"], parts), re.IGNORECASE))
        for row in data["cues"]
    )


@functools.cache
def _lead_ins() -> tuple[tuple[ActionStatus, re.Pattern[str]], ...]:
    return tuple(
        (ActionStatus(row["status"]), re.compile(row["words"], re.IGNORECASE))
        for row in table("actions")["lead_ins"]
    )


def _filled(words: str, parts: dict[str, str]) -> str:
    for name, source in parts.items():
        words = words.replace(name, source)
    return words


def _any(words: list[str]) -> str:
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + r")\b"


def _forms() -> tuple[list[str], list[str], list[str]]:
    """Return the plain, past and -ing forms of the verbs, the irregular ones as listed."""
    verbs = table("actions")["verbs"]
    base, past, ing = list(verbs["forms"]), [], []
    for forms in verbs["forms"].values():
        past += forms[:-1]
        ing.append(forms[-1])
    base += verbs["regular"]
    for verb in (*verbs["regular"], *verbs["effects"]):
        first, _, rest = verb.partition(" ")
        past += [f"{form} {rest}".strip() for form in _past(first)]
        ing.append(f"{_ing(first)} {rest}".strip())
    return base, past, ing


def _past(verb: str) -> Iterator[str]:
    if verb.endswith("e"):
        yield f"{verb}d"
    elif verb.endswith("y") and verb[-2] not in _VOWELS:
        yield f"{verb[:-1]}ied"
    else:
        yield f"{_doubled(verb)}ed"


def _ing(verb: str) -> str:
    return f"{verb[:-1]}ing" if verb.endswith("e") else f"{_doubled(verb)}ing"


# A last consonant is doubled where the last syllable bears the stress, which no rule can hear.
_DOUBLED = frozenset({"refer", "transfer"})


def _doubled(verb: str) -> str:
    return verb + verb[-1] if verb in _DOUBLED else verb
