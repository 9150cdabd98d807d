"""Invented files of the formats that are read, made byte by byte where the tests need traps."""

import io
import zipfile
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import docx
import pypdfium2

PdfObject = str | bytes


def pdf_of(objects: Sequence[PdfObject], trailer: str = "") -> bytes:
    """Return a PDF of the given objects, numbered from 1; the first is its catalogue."""
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        plain = body.encode("latin-1") if isinstance(body, str) else body
        out += b"%d 0 obj\n%b\nendobj\n" % (number, plain)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size, at = len(objects) + 1, len(out)
    out += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n".encode()
    out += f"<< /Size {size} /Root 1 0 R {trailer}>>\nstartxref\n{at}\n%%EOF\n".encode("latin-1")
    return bytes(out)


def pdf(*pages: Sequence[str], trailer: str = "") -> bytes:
    """Return a small PDF with the given lines on its pages."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects: list[PdfObject] = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, lines in enumerate(pages):
        shown = "".join(f"({line}) Tj T* " for line in lines)
        stream = f"BT /F1 10 Tf 14 TL 40 780 Td {shown}ET"
        objects += [
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources"
            f" << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        ]
    return pdf_of(objects, trailer)


def picture_of(
    content: bytes, number: int = 0, *, dots_per_inch: int = 150
) -> tuple[int, int, bytes]:
    """Return width, height and grey pixels of a PDF's page, as a scanner would see it."""
    with pypdfium2.PdfDocument(content) as document:
        seen = document[number].render(scale=dots_per_inch / 72, grayscale=True).to_numpy()
        return seen.shape[1], seen.shape[0], seen.tobytes()


def scan(
    *pictures: tuple[int, int, bytes], words: Sequence[str] = (), pages: int = 1, stamp: str = ""
) -> bytes:
    """Return a PDF of pages that are pictures; `words`, if any, are a text page before them.

    `pages` repeats each picture on so many pages; `stamp` is text written over it.
    """
    kids: list[int] = []
    objects: list[PdfObject] = ["<< /Type /Catalog /Pages 2 0 R >>", "", ""]
    objects[2] = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"

    def add(body: PdfObject) -> int:
        objects.append(body)
        return len(objects)

    def page(resources: str, stream: str) -> None:
        content = add(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        head = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]"
        kids.append(add(f"{head} /Resources << {resources} >> /Contents {content} 0 R >>"))

    if words:
        shown = "".join(f"({line}) Tj T* " for line in words)
        page("/Font << /F1 3 0 R >>", f"BT /F1 10 Tf 14 TL 40 780 Td {shown}ET")
    for width, height, pixels in pictures:
        packed = zlib.compress(pixels)
        head = (
            f"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace"
            f" /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode /Length {len(packed)} >>"
        )
        image = add(head.encode() + b"\nstream\n" + packed + b"\nendstream")
        for _ in range(pages):
            shown = f"q 595 0 0 842 0 0 cm /I Do Q BT /F1 10 Tf 40 20 Td ({stamp}) Tj ET"
            page(f"/Font << /F1 3 0 R >> /XObject << /I {image} 0 R >>", shown)
    listed = " ".join(f"{kid} 0 R" for kid in kids)
    objects[1] = f"<< /Type /Pages /Kids [{listed}] /Count {len(kids)} >>"
    return pdf_of(objects)


def word(*fill: Callable[[Any], object]) -> bytes:
    """Return a Word document made by the given steps."""
    document = docx.Document()
    for step in fill:
        step(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def word_with(body: str, *, times: int = 1, before: str = "") -> bytes:
    """Return a Word document of some XML, so many times; `before` stands ahead of its root."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    head = f'<?xml version="1.0"?>{before}<w:document xmlns:w="{space}"><w:body>'
    plain, changed = zipfile.ZipFile(io.BytesIO(word())), io.BytesIO()
    with zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        for name in plain.namelist():
            if name != "word/document.xml":
                out.writestr(name, plain.read(name))
        with out.open("word/document.xml", "w") as part:
            part.write(head.encode())
            for _ in range(times):
                part.write(body.encode())
            part.write(b"</w:body></w:document>")
    return changed.getvalue()


def archive(**files: bytes | str) -> bytes:
    """Return a ZIP; a name's double underscore is a slash and its last single one a dot."""
    return archive_of([(_name(name), content) for name, content in files.items()])


def _name(keyword: str) -> str:
    return ".".join(keyword.replace("__", "/").rsplit("_", 1))


def archive_of(
    files: Sequence[tuple[str | zipfile.ZipInfo, bytes | str]], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """Return a ZIP of files by name or by the entry that tells of them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in files:
            made.writestr(name, content)
    return out.getvalue()
