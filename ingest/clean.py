"""Text as it should be kept: plain line ends and spaces, whole words, PDF lines made paragraphs."""

import html
import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence, Set

BULLET = "•"

# Symbol and Wingdings bullets keep their font's code in the private use area.
_PRIVATE_BULLETS = "\uf02d\uf06c\uf06e\uf06f\uf071\uf076\uf077\uf09f\uf0a7\uf0a8\uf0b7\uf0d8\uf0fc"
_REPLACED = {
    "\t": "\t",
    "\n": "\n",
    "\v": "\n",
    "\f": "\n",
    "\x85": "…",
    # Calibri's joined letters come out of some PDFs as these African letters ("invesƟgaƟon").
    "Ɵ": "ti",
    "Ʃ": "tt",
    "ƫ": "tti",
    **dict.fromkeys(_PRIVATE_BULLETS, BULLET),
}
_BY_CATEGORY = {"Zs": " ", "Zl": "\n", "Zp": "\n", "Cf": "", "Cs": ""}
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# U+007F at the start of a line is a bullet whose font was lost; elsewhere it is noise.
_LOST_BULLET = re.compile(r"^([ \t]*)\x7f", re.MULTILINE)


def clean_text(raw: str, *, entities: bool = False) -> str:
    """Return text with plain line ends and spaces, no unseen characters and no loose ligatures.

    Tabs stay, since they part the cells of a table. `entities` also decodes what is left of HTML
    (`&#xa0;`, `&amp;amp;`). Cleaning clean text changes nothing.
    """
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    text = _LOST_BULLET.sub(rf"\1{BULLET}", text).translate(_CHARACTERS)
    if entities:
        text = _decode(text)
    lines = (line.rstrip(" ") if line.strip() else "" for line in text.split("\n"))
    return re.sub(r"\n{4,}", "\n\n", "\n".join(lines)).strip("\n")


def _decode(text: str) -> str:
    """Decode to the end: exporters escape twice (`&amp;#8211;`)."""
    decoded = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    decoded = decoded.replace("\r", "\n").translate(_CHARACTERS)
    return text if decoded == text else _decode(decoded)


class _Characters(dict[int, str]):
    """A translation table that works out each character once, when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = _plain(chr(code))
        return self[code]


def _plain(character: str) -> str:
    if character in _REPLACED:
        return _REPLACED[character]
    category = unicodedata.category(character)
    if category == "Cc":
        # 0x80-0x9F are the quotes and dashes of Windows text that was read as Latin-1.
        return bytes([ord(character)]).decode("cp1252", "ignore") if character > "\x7f" else ""
    if "\ufb00" <= character <= "\ufb06":
        return unicodedata.normalize("NFKC", character)
    if ord(character) & 0xFFFE == 0xFFFE:
        return ""
    return _BY_CATEGORY.get(category, character)


_CHARACTERS = _Characters()

_NUMBER = r"(?:\d{1,2}(?:\.\d{1,2})*|[a-zA-Z]|[ivxIVX]{1,5})"
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_LIST_ITEM = re.compile(
    rf"\(?{_NUMBER}[.)](?:\s|$)"  # 1. (2) a) iv.
    rf"|\({_NUMBER}\)"  # (1)Without a space
    rf"|\d{{1,2}}\s+(?!{_MONTH})[A-Z\[]"  # 4 CIRCUMSTANCES, 1 The Chief Executive; not "9 May"
    rf"|[{BULLET}·▪●○◦■□➢✓*](?!\w)|[-–—o](?:\s|$)"
)
_FORM_HEADING = re.compile(
    r"(?:\d{1,2}[.)]?\s+)?(?:coroner(?:['’]?s['’]?)?(?: (?:legal powers|concerns))?"
    r"|investigation(?: and inquest)?|circumstances of (?:the )?death|(?:the )?matters? of concern"
    r"|concerns|action should be taken|your response|copies(?: and publication)?"
    r"|this report is being sent to)[\s:–-]*",
    re.IGNORECASE,
)
_JOINING_WORDS = {"and", "of", "the", "to", "for", "in", "on"}
_STANDS_ALONE = re.compile(r"\W*\d{0,2}\W*")
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*$")
_ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|No|Rev|e\.g|i\.e|para|approx)\.$")
_BROKEN_WORD = re.compile(r"([^\W\d_]+)-$")
_NARROWEST = 40  # characters; shorter lines are an address or a table, not a paragraph
_FULL_LINE = 0.85  # proportional type: a line this full may have had no room for the next word


def reflow(text: str) -> str:
    """Return a page of a PDF with the wrapped lines of a paragraph joined; see `reflow_pages`."""
    return reflow_pages([text])[0]


def reflow_pages(pages: Sequence[str]) -> list[str]:
    """Return the pages of one PDF with the wrapped lines of a paragraph joined.

    Conservative: a line is joined to the one before it when it begins in lower case, or when its
    first word would not have fitted there. A hyphen at a line's end goes only where the whole word
    stands elsewhere in the document: Word does not hyphenate by itself, so most such hyphens are
    the writer's own ("self-harm").
    """
    document = "\n".join(pages)
    lengths = sorted(len(line) for line in document.split("\n") if line.strip())
    width = max(_NARROWEST, lengths[len(lengths) * 9 // 10] if lengths else 0)
    words = frozenset(re.findall(r"[^\W\d_]+", document.lower()))
    return [_reflow(page, words, width) for page in pages]


def _reflow(page: str, words: Set[str], width: int) -> str:
    lines = page.split("\n")
    joined = lines[:1]
    for before, line in itertools.pairwise(lines):
        if _continues(before.strip(), line.strip(), width):
            joined[-1] = _glue(joined[-1], line.strip(), words)
        else:
            joined.append(line)
    return "\n".join(joined)


def runs_on(before: str, after: str) -> bool:
    """Tell whether a sentence at the end of a page goes on in lower case on the next one."""
    last, first = before.rsplit("\n", 1)[-1].strip(), after.split("\n", 1)[0].strip()
    return bool(first) and first[0].islower() and _continues(last, first, width=0)


def _continues(before: str, line: str, width: int) -> bool:
    if _STANDS_ALONE.fullmatch(before) or _STANDS_ALONE.fullmatch(line):
        return False
    if before.endswith((":", ";")) or _is_heading(before) or _is_heading(line):
        return False
    if _LIST_ITEM.match(line):
        return False
    if line[0].islower():
        return True
    if _SENTENCE_END.search(before) and not _ABBREVIATION.search(before):
        return False
    return len(before) + 1 + len(line.split()[0]) > width * _FULL_LINE


def _is_heading(line: str) -> bool:
    if _FORM_HEADING.fullmatch(line):
        return True
    words = (word for word in line.split() if word.lower() not in _JOINING_WORDS)
    letters = "".join(filter(str.isalpha, "".join(words)))
    return letters.isupper() and len(letters) > 4 and not line.endswith((".", ",", "-"))


def _glue(before: str, line: str, known: Set[str]) -> str:
    broken = _BROKEN_WORD.search(before)
    if not broken or not line[0].islower():
        return f"{before.rstrip(' ')} {line}"
    rest = re.match(r"[^\W\d_]+", line)
    whole = (broken[1] + (rest[0] if rest else "")).lower()
    return (before[:-1] if whole in known else before) + line


_PAGE_NUMBER = re.compile(r"\W*(?:page\s+)?(\d{1,4})(?:\s*(?:of|/)\s*\d{1,4})?\W*", re.IGNORECASE)
_EDGE = 3  # how many lines at the head and foot of a page may be furniture


def drop_furniture(pages: Sequence[str]) -> list[str]:
    """Return the pages without page numbers, and with running heads and feet once each.

    A line is furniture when it stands at the same edge of at least three pages and of more than
    half; page numbers are believed when two pages, and more than half, carry their own. A repeated
    line cuts sentences in two, but it may hold the only reference: a head stays on its first page,
    a foot on its last.
    """
    heads = _drop_heads(dict(enumerate((page.split("\n") for page in pages), 1)))
    upside_down = {page: heads[page][::-1] for page in reversed(heads)}
    feet = _drop_heads(upside_down)
    return ["\n".join(feet[page][::-1]).strip("\n") for page in heads]


def _drop_heads(pages: Mapping[int, list[str]]) -> dict[int, list[str]]:
    """Drop furniture from the tops of numbered pages, but for its first showing in their order."""
    counts = Counter(line for lines in pages.values() for line in set(lines[:_EDGE]))
    half = len(pages) / 2
    furniture = {
        line
        for line, count in counts.items()
        if count > max(2, half) and sum(map(str.isalpha, line)) > 3
    }
    numbers = sum(
        any(_is_number(line, page) for line in lines[:_EDGE]) for page, lines in pages.items()
    )
    seen: set[str] = set()
    return {
        page: _drop_head(lines, furniture, seen, page if numbers > max(1, half) else None)
        for page, lines in pages.items()
    }


def _drop_head(
    lines: list[str], furniture: Set[str], seen: set[str], page: int | None
) -> list[str]:
    kept = []
    for at, line in enumerate(lines[:_EDGE]):
        if line in furniture:
            if line not in seen:
                kept.append(line)
                seen.add(line)
        elif line.strip() and not (page and _is_number(line, page)):
            return kept + lines[at:]
    return kept + lines[_EDGE:]


def _is_number(line: str, page: int) -> bool:
    match = _PAGE_NUMBER.fullmatch(line)
    return match is not None and int(match[1]) == page
