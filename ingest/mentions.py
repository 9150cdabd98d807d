"""Organisations that a text names though it was neither sent to them nor written by them.

Only names of the register count, read exactly: what is short, everyday, or the end or beginning of
a longer name is passed over, since a body that is wrongly said to be named misleads a reader.
"""

import functools
import re
from collections.abc import Iterator
from typing import Any

from ingest.organisations import organisation_key, plain_key, spellings, usual_forms
from ingest.wording import table
from kb.documents import Document, Party, Role, SectionKind
from kb.organisations import organisations

Found = tuple[int, int, str]
_Node = dict[str, Any]

_BEGIN = re.compile(r"(?<![\w'’])[A-Z]")
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[&,]")
# What parts two words of a name: spaces, one line end, a hyphen, the stop of "H.M.".
_GAP = re.compile(r"(?:[^\S\n]|\n(?!\s*\n)|[-/.‑–](?=\w))*")
_WORD_BEFORE = re.compile(r"(?<![\w'’])([A-Z][\w'’]*)[^\S\n]$")
_AND_BEFORE = re.compile(r"\b([A-Z][\w'’]+),?[^\S\n]+(?:and|&)[^\S\n]$")
_WORD_AFTER = re.compile(r"[^\S\n]+([A-Z][\w'’]*)")
_OF_AFTER = re.compile(r"[^\S\n]+(?:of|for)[^\S\n]+(?:the[^\S\n]+)?[A-Z]")
_NAME = ""
"""The key under which a node of the tree holds the name that ends there."""
_DROPPED = frozenset({"the", "ltd", "limited", "plc", "llp"})


def mentions(document: Document) -> tuple[Party, ...]:
    """Return the bodies of the register that a text names and that have no other role in it.

    Each stands once, with the place where it is first named. Standard wording and the form's list
    of recipients are not read: who stands there is a recipient, or could not be told for certain.
    """
    taken = {organisation_key(party.name) for party in document.parties}
    found: dict[str, Party] = {}
    for passage in document.passages:
        listed = document.sections[passage.section].kind is SectionKind.SENT_TO
        if passage.boilerplate or listed:
            continue
        for start, end, name in named_in(document.text, passage.start, passage.end):
            if name not in found and organisation_key(name) not in taken:
                written = document.text[start:end]
                found[name] = Party(Role.MENTIONED, written, name, start, end)
    return tuple(found.values())


def named_in(text: str, start: int, end: int) -> Iterator[Found]:
    """Yield where a stretch of text names bodies of the register, the longest names first."""
    after = start
    for begin in _BEGIN.finditer(text, start, end):
        if begin.start() < after:
            continue
        found = _longest(text, begin.start(), end)
        if found is None:
            continue
        if _is_whole(text, found, joined=after) and _is_certain(text, found):
            yield found
        after = found[1]


def _longest(text: str, start: int, end: int) -> Found | None:
    """Return the longest name of the register that begins at an offset, None without one."""
    tree: _Node = _tree()
    node: _Node | None = tree
    at, best = start, None
    while node is not None and (match := _TOKEN.match(text, at, end)):
        word = _key(match[0])
        at = _gap_after(text, match.end(), end)
        if word in _DROPPED:
            if node is tree:
                return None
            continue
        if match[0][-2:] in ("'s", "’s") and _NAME in node.get(word[:-1], ()):
            best = (start, match.end() - 2, node[word[:-1]][_NAME])
        node = node.get(word)
        if node and _NAME in node:
            best = (start, match.end(), node[_NAME])
    return best


def _gap_after(text: str, at: int, end: int) -> int:
    match = _GAP.match(text, at, end)
    return match.end() if match else at


def _key(word: str) -> str:
    return "and" if word == "&" else word.replace("'", "").replace("’", "").lower()


def _is_whole(text: str, found: Found, *, joined: int) -> bool:
    """Tell whether nothing before or after a name shows that it is part of a longer one.

    `joined` is where the name before it ended: "Ofsted and Kent Police" are two bodies.
    """
    start, end, _ = found
    after = _WORD_AFTER.match(text, end)
    if after and _key(after[1]) in _words("longer_after"):
        return False
    if len(text[start:end].split()) == 1:
        return True
    before = _WORD_BEFORE.search(text, max(0, start - 40), start)
    if before and before[1].lower() not in _words("no_part"):
        return False
    if _ends_a_longer_name(text, start, end):
        return False
    other = _AND_BEFORE.search(text, max(0, start - 60), start)
    return (other is None or other.end(1) <= joined) and not _OF_AFTER.match(text, end)


def _ends_a_longer_name(text: str, start: int, end: int) -> bool:
    """Tell whether a longer name of the register ends here, though its commas are set otherwise.

    "Cumbria, Northumberland Tyne & Wear NHS Foundation Trust" is not the trust it took over.
    """
    longer = _longer_names().get(plain_key(text[start:end]))
    return longer is not None and f" {plain_key(text[max(0, start - 80) : end])}".endswith(longer)


def _is_certain(text: str, found: Found) -> bool:
    """Tell whether words are written as a name, and not as words that happen to be one."""
    start, end, name = found
    written = text[start:end]
    words = _TOKEN.findall(written)
    if len(words) > 1:
        small = _words("small")
        return all(not word[0].islower() or word in small for word in words)
    if written in _words("words"):
        return True
    return written in _words("initials") and _means(text, written, name)


def _means(text: str, initials: str, name: str) -> bool:
    """Tell whether initials mean the body, and no "Clinical Quality Committee (CQC)" of a text."""
    at = text.find(f"({initials})")
    if at < 0:
        return True
    key = plain_key(text[max(0, at - 120) : at])
    return any(key.endswith(form) for form in _forms()[name])


@functools.cache
def _forms() -> dict[str, list[str]]:
    forms: dict[str, list[str]] = {}
    for key, one in spellings().items():
        if " " in key:
            forms.setdefault(one.name, []).append(key)
    return forms


@functools.cache
def _longer_names() -> dict[str, tuple[str, ...]]:
    """Return, for each spelling that is the end of others, those others."""
    found: dict[str, list[str]] = {}
    for key in spellings():
        words = key.split()
        for first in range(1, len(words)):
            ending = " ".join(words[first:])
            if ending in spellings():
                found.setdefault(ending, []).append(f" {key}")
    return {ending: tuple(longer) for ending, longer in found.items()}


@functools.cache
def _words(name: str) -> frozenset[str]:
    return frozenset(table("mentions")[name])


@functools.cache
def _tree() -> _Node:
    """Return every spelling that counts as a tree of words, with its body's name at the end."""
    never = re.compile(table("mentions")["never"])
    tree: _Node = {}
    for key, one in spellings().items():
        if not never.fullmatch(key):
            _grow(tree, key.split(), one.name)
    # With its commas a name is found where the text has them; a comma elsewhere parts two names.
    for one in organisations().values():
        for written in (one.name, *one.aliases, *usual_forms(one)):
            if "," in written and spellings().get(plain_key(written)) is one:
                words = (_key(word) for word in _TOKEN.findall(written.replace("-", " ")))
                _grow(tree, [word for word in words if word not in _DROPPED], one.name)
    return tree


def _grow(tree: _Node, words: list[str], name: str) -> None:
    for word in words:
        tree = tree.setdefault(word, {})
    tree[_NAME] = name
