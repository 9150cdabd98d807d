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
    "no_text": "There is no text on any page: it is probably a scan. It needs OCR (text"
    " recognition): run that in a scanning or PDF program, then add the result.",
    "unknown_columns": "This table is neither of the two known exports. The nearest is the {origin}"
    " layout, which also needs these columns: {missing}.",
}


def unreadable(reason: str, **facts: object) -> Unreadable:
    """Return the error for a reason, its sentence filled with the facts it names."""
    return Unreadable(reason, _ADVICE[reason].format(**facts))
