"""Why a file cannot be read: one short key for the ledger, one sentence that says what to do."""

from kb.errors import Unreadable

_ADVICE = {
    "missing": "There is no such file. Check the path, then try again.",
    "not_a_file": "This is not an ordinary file. Give a file, or a folder to read all of it.",
    "no_permission": "The file may not be opened. Ask its owner for access, or copy it elsewhere.",
    "unsupported": "Files of this kind ({suffix}) cannot be read. {advice}",
    "empty": "There are no words in this file. Check that it was saved or copied completely.",
    "too_large": "The file has {size} megabytes and the limit is {limit}. Split it, or raise the"
    " limit if it is trusted.",
    "too_slow": "Reading took longer than {limit:g} seconds and was stopped. Save the file again"
    " in a simpler form (plain text, say), or raise the limit.",
    "too_much_memory": "Reading needed more than {limit} megabytes of memory and was stopped. Save"
    " the file again in a simpler form (plain text, say), or split it.",
    "encrypted": "The file is protected by a password. Open it with the password, save a copy"
    " without one, and add the copy.",
    "damaged": "The file is damaged or incomplete ({fault}). Fetch it again, or open it in its own"
    " program and save a new copy.",
    "mislabelled": "The file is named {suffix} but looks like {found}. Rename it, or save it again"
    " as the kind that its name says.",
    "not_text": "The file is named {suffix} but holds binary data, not text. Save it as text, PDF"
    " or Word (.docx).",
    "no_text": "No words were found on any page. Check that it was saved or copied completely; a"
    " poor scan may have to be made again, upright and darker.",
    "needs_ocr": "There is no text on its pages, only pictures of text: it is a scan. Install text"
    ' recognition with: pip install "pfd-kb[ocr]", then add it again. Or let a scanning or PDF'
    " program recognise the text, and add the result.",
    "too_many_scans": "It has {pages} scanned pages and the limit is {limit}. Split it into parts.",
    "too_long": "It holds more than {limit:,} characters, as much as several books. Split it into"
    " parts.",
    "too_nested": "Its parts are nested more deeply than any ordinary document's, too deep to be"
    " followed. Save it again in a simpler form (plain text, say).",
    "unsafe_name": "Its name in the archive leads out of the archive, or it is only a link to"
    " another file. Unpack the archive yourself if it is trusted, then add the folder.",
    "swollen": "It would unpack to more than {ratio} times its packed size, which files made to do"
    " harm do and documents do not. Unpack the archive yourself if it is trusted.",
    "archive_too_large": "The archive holds {held} and the limit is {limit}. Split it, or unpack"
    " it and add the folder.",
    "odd_packing": "It is packed in a way that cannot be read here. Make the archive again as an"
    " ordinary ZIP, or unpack it and add the folder.",
    "unknown_columns": "This table is neither of the two known exports. The nearest is the {origin}"
    " layout, which also needs these columns: {missing}.",
}

_ELSEWHERE = {
    ".doc": "Save it in Word as .docx.",
    ".rtf": "Save it in Word as .docx.",
    ".odt": "Save it as .docx or PDF.",
    ".pages": "Export it as .docx or PDF.",
    ".xls": "Save the sheet as CSV.",
    ".xlsx": "Save the sheet as CSV.",
    ".eml": "Save the message as PDF or text, and its attachments as files of their own.",
    ".msg": "Save the message as PDF or text, and its attachments as files of their own.",
    ".zip": "An archive inside an archive is not opened: unpack it, then add the folder.",
    **dict.fromkeys((".7z", ".rar", ".tar", ".gz"), "Unpack it, then add the folder."),
    **dict.fromkeys(
        (".png", ".jpg", ".jpeg", ".tif", ".tiff"),
        "Save the picture as PDF: the text on it can then be recognised as in a scan.",
    ),
}
_ANY_KIND = "Save it as PDF, Word (.docx), web page, Markdown, text or CSV."


def unsupported(suffix: str) -> Unreadable:
    """Return the error for a kind of file that no reader knows; `suffix` has its dot, or is ""."""
    advice = _ELSEWHERE.get(suffix, _ANY_KIND)
    return unreadable("unsupported", suffix=suffix or "no ending", advice=advice)


def unreadable(reason: str, **facts: object) -> Unreadable:
    """Return the error for a reason, its sentence filled with the facts it names."""
    return Unreadable(reason, _ADVICE[reason].format(**facts))
