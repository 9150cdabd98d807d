"""Doubts in words: what their fields are called, and which of their words stay closed."""

_OPENING = frozenset({"concerns"})
"""Fields whose doubt carries the opening of the text, which may tell of the death itself."""
CLOSED_WORDS = "The opening of the text: open to read"


def field_words(field: str) -> str:
    """Return what a field is called: "Coroner area"."""
    return field.replace("_", " ").capitalize()


def is_closed(field: str) -> bool:
    """Tell whether the words of a doubt about a field are closed until asked for."""
    return field in _OPENING
