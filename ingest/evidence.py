"""Which words of a passage are shown as those that earned it a theme."""

import re

LONGEST_EVIDENCE = 250  # characters
LEAST_EVIDENCE = 60
"""A shorter clause ("and national policies") says too little; its neighbours are shown with it."""

_CLAUSE_END = re.compile(r"[,:;()]\s+|\s-+\s|\s(?=(?:which|who|whilst|because|although|but|and)\s)")


def evidence(plain: str, sentence: tuple[int, int], start: int, end: int) -> tuple[int, int]:
    """Widen the words from `start` to `end` to their sentence, or to their clause where it is long.

    `plain` is the text in plain letters, with the same offsets; returns offsets into it.
    """
    first, last = sentence[0], max(sentence[1], end)
    if last - first > LONGEST_EVIDENCE:
        first, last = _clause(plain, (first, last), start, end)
    if last - first > LONGEST_EVIDENCE:
        first = plain.rfind(" ", first, max(first, end - LONGEST_EVIDENCE)) + 1 or first
        most = max(end, first + LONGEST_EVIDENCE)
        last = max(end, plain.rfind(" ", first, most)) if most < last else last
    piece = plain[first:last]
    return first + len(piece) - len(piece.lstrip()), first + len(piece.rstrip())


def _clause(plain: str, sentence: tuple[int, int], start: int, end: int) -> tuple[int, int]:
    """Return the clause around some words of a sentence, with its neighbours where it is short."""
    breaks = [(m.start(), m.end()) for m in _CLAUSE_END.finditer(plain, *sentence)]
    before = [sentence[0], *(after for _, after in breaks if after <= start)]
    behind = [*(stop for stop, _ in breaks if stop >= end), sentence[1]]
    first, last = before.pop(), behind.pop(0)
    while last - first < LEAST_EVIDENCE and (before or behind):
        if behind:
            last = behind.pop(0)
        else:
            first = before.pop()
    return first, last
