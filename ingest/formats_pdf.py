"""The words of a PDF, page by page; scanned pages through text recognition where it is given."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.clean import clean_text, drop_furniture, reflow_pages, runs_on
from ingest.gaps import narrow
from ingest.ocr import Recognise, Recognised
from ingest.reasons import unreadable

_PDF_PASSWORD, _PDF_SECURITY = 4, 5  # FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY
_LETTERS_A_PAGE = 10  # a scan may carry a stamped page number or reference
_DOTS_PER_INCH, _POINTS_PER_INCH = 200, 72
_LONGEST_SIDE, _SHORTEST_SIDE = 4000, 20  # pixels; a page may claim to be as large as a field


@dataclass(frozen=True, slots=True)
class Pages:
    """A PDF's text, the place of each page's first character in it, and what is known of scans.

    `meta` may hold `pages_without_text` (numbers of pages that hold pictures and no words), and
    of recognised pages `ocr_confidence` (mean, 0 to 1), `ocr_pages` (the same by page number) and
    `ocr_lines_left_out` (how many lines were too uncertain).
    """

    text: str
    starts: tuple[int, ...]
    meta: Mapping[str, Any]


def read_pdf(data: bytes, recognise: Recognise | None = None, *, scans: int = 0) -> Pages:
    """Read a PDF: page furniture dropped, wrapped lines joined into paragraphs.

    Pages without a text layer go through `recognise`, at most `scans` of them; without it they
    are only named. Raises `Unreadable`: "damaged", "encrypted", "too_many_scans", "needs_ocr"
    where no page has words but some have pictures, "no_text" where none has either.
    """
    # A cut file may still open and give some of its pages; half a report must not pass for one.
    if b"%%EOF" not in data.rstrip(b"\0 \r\n")[-2048:]:
        raise unreadable("damaged", fault="its end is missing")
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(data) as document:
            raw = [_words(document, number) for number in range(len(document))]
            pages, without = _divided(document, raw)
            if recognise and len(without) > scans:
                raise unreadable("too_many_scans", pages=len(without), limit=scans)
            seen = _recognised(document, without, recognise) if recognise else {}
    except pypdfium2.PdfiumError as error:
        if error.err_code in (_PDF_PASSWORD, _PDF_SECURITY):
            raise unreadable("encrypted") from None
        raise unreadable("damaged", fault="it cannot be opened as a PDF") from None
    found = {number: scan for number, scan in seen.items() if scan.text}
    if found:
        raw = [found[at].text if at in found else page for at, page in enumerate(raw)]
        pages = drop_furniture([clean_text(page) for page in raw])
    without = [number for number in without if number not in found]
    worded = (page for at, page in enumerate(pages) if at not in without)
    if not any(map(str.isalpha, "".join(worded))):
        raise unreadable("needs_ocr" if without and recognise is None else "no_text")
    return _paged([clean_text(page) for page in reflow_pages(pages)], _meta(without, seen))


def _words(document: Any, number: int) -> str:
    page = document[number]
    textpage = page.get_textpage()
    try:
        # PDFium marks a hyphen at a line's end by one of two characters, without the line break.
        return re.sub(r"[\ufffe\x02]", "-\n", str(textpage.get_text_range()))
    finally:
        textpage.close()
        page.close()


def _divided(document: Any, raw: Sequence[str]) -> tuple[list[str], list[int]]:
    """Return the pages without furniture, and which of them hold pictures instead of words."""
    pages = drop_furniture([narrow(clean_text(page)) for page in raw])
    few = [at for at, page in enumerate(pages) if sum(map(str.isalpha, page)) < _LETTERS_A_PAGE]
    return pages, [number for number in few if _is_picture(document, number, raw[number])]


def _is_picture(document: Any, number: int, words: str) -> bool:
    """Tell whether a page shows more than its words: a picture, lines, or letters without names.

    Some PDFs hold text in a font that does not say which letter a shape is: nothing comes out.
    """
    from pypdfium2.raw import FPDF_PAGEOBJ_TEXT

    page = document[number]
    try:
        shown = page.get_objects(max_depth=1)
        return any(one.type != FPDF_PAGEOBJ_TEXT or not words.strip() for one in shown)
    finally:
        page.close()


def _recognised(
    document: Any, numbers: Sequence[int], recognise: Recognise
) -> dict[int, Recognised]:
    found = {}
    for number in numbers:
        page = document[number]
        try:
            wide = max(page.get_width(), page.get_height(), 1)
            scale = min(_DOTS_PER_INCH / _POINTS_PER_INCH, _LONGEST_SIDE / wide)
            if min(page.get_width(), page.get_height()) * scale >= _SHORTEST_SIDE:
                found[number] = recognise(page.render(scale=scale).to_numpy())
        finally:
            page.close()
    return found


def _meta(without: Sequence[int], scans: Mapping[int, Recognised]) -> dict[str, Any]:
    meta: dict[str, Any] = {}
    if without:
        meta["pages_without_text"] = [number + 1 for number in without]
    read = {at: scan for at, scan in scans.items() if scan.confidence is not None}
    if read:
        letters = sum(len(scan.text) for scan in read.values())
        sure = sum((scan.confidence or 0) * len(scan.text) for scan in read.values())
        meta["ocr_confidence"] = round(sure / letters, 3)
        meta["ocr_pages"] = {str(at + 1): scan.confidence for at, scan in read.items()}
        meta["ocr_lines_left_out"] = sum(scan.left_out for scan in scans.values())
    return meta


def _paged(pages: Sequence[str], meta: Mapping[str, Any]) -> Pages:
    """Join pages by a blank line, or by a space where a sentence runs on.

    An empty page adds nothing and starts where the next one does.
    """
    parts: list[str] = []
    starts: list[int] = []
    at, before = 0, ""
    for number, page in enumerate(pages):
        if not page:
            continue
        gap = "" if not before else " " if runs_on(before, page) else "\n\n"
        at += len(gap)
        starts += [at] * (number + 1 - len(starts))
        parts += [gap, page]
        at, before = at + len(page), page
    starts += [at] * (len(pages) - len(starts))
    return Pages("".join(parts), tuple(starts), meta)
