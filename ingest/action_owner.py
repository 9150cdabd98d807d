"""Who does an action: a role or a team that its sentence names, never "we" or "the Trust"."""

import functools
import re

from ingest.plan_cells import Cell
from ingest.wording import table
from kb.records import Claim

_SMALL = r"(?:of|for|and|&|in|the)"


def find_owner(cell: Cell) -> Claim | None:
    """Return the role or team that does what a clause says, None where it names none."""
    for pattern in _patterns():
        if match := pattern.search(cell.words):
            return cell.claim(match["owner"].strip(), *match.span("owner"))
    return None


@functools.cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    data = table("actions")
    head = f"(?i:{data['role_heads']})"
    # "the Director of Nursing", "the ward manager": a capital name or a few small words.
    before = (
        r"(?!(?:[Tt]he|[Oo]ur|[Ee]ach|[Aa]n?|[Ii]ts)\s)"
        r"(?:[A-Z][\w’'&/-]*\s+|(?i:of|for|and|&)\s+|[a-z][\w’'-]*\s+){0,4}?"
    )
    after = (
        rf"(?:\s+(?:of|for)(?:\s+(?:{_SMALL}\s+)*[A-Z][\w’'&/-]*)+"
        r"(?:(?:,|\s+and)\s+[A-Z][\w’'&-]+)*)?"
    )
    role = rf"(?P<owner>{before}(?:{head})\b{after})"
    determiner = r"(?:^|[,;:(]\s*|\b(?:[Tt]he|[Oo]ur|[Aa]|[Aa]n|[Ee]ach|[Ii]ts)\s+)"
    does = (
        r"\s*(?:\([^)]*\))?\s+(?:(?:will|shall|has|have|is|are|plans?|intends?|continues?)\b"
        rf"|(?:{data['adverbs']})\w+ed\b)"
    )
    return (
        re.compile(
            rf"(?i:{data['owner_labels']})(?P<owner>[^;,.()\n]{{3,80}}?)(?=\s*(?:[;,.()]|$))"
        ),
        re.compile(determiner + role + does),
        re.compile(rf"(?i:{data['owner_by']})(?<=\s)(?=[\w]){role}"),
    )
