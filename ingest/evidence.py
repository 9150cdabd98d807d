"""Which words of a passage are shown as those that earned it a theme."""

import re

LONGEST_EVIDENCE = 250  # characters

_CLAUSE_END = re.compile(r"[,:;()]\s+|\s-+\s|\s(?=(?:which|who|whilst|because|although|but|and)\s)")


def evidence(plain: str, sentence: tuple[int, int], start: int, end: int) -> tuple[int, int]:
    """Widen the words from `start` to `end` to their sentence, or to their clause where it is long.

    `plain` is the text in plain letters, with the same offsets; returns offsets into it.
    """
    first, last = sentence[0], max(sentence[1], end)
    if last - first > LONGEST_EVIDENCE:
        breaks = [(m.start(), m.end()) for m in _CLAUSE_END.finditer(plain, first, last)]
        first = max((after for _, after in breaks if after <= start), default=first)
        last = min((before for before, _ in breaks if before >= end), default=last)
    if last - first > LONGEST_EVIDENCE:
        first = plain.rfind(" ", first, max(first, end - LONGEST_EVIDENCE)) + 1 or first
        most = max(end, first + LONGEST_EVIDENCE)
        last = max(end, plain.rfind(" ", first, most)) if most < last else last
    piece = plain[first:last]
    return first + len(piece) - len(piece.lstrip()), first + len(piece.rstrip())
