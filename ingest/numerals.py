"""The numbers of list items, as web pages and Word documents print them."""

_ROMAN = {100: "c", 90: "xc", 50: "l", 40: "xl", 10: "x", 9: "ix", 5: "v", 4: "iv", 1: "i"}


def numeral(number: int, style: str) -> str:
    """Return a positive number in an HTML (`a`, `i`) or Word (`lowerLetter`) list style.

    Any other style is decimal; numbers below one are decimal in every style.
    """
    letter = _LETTERS.get(style, style)
    if number < 1 or letter.lower() not in ("a", "i"):
        return str(number)
    counted = _alphabetic(number) if letter.lower() == "a" else _roman(number)
    return counted.upper() if letter.isupper() else counted


_LETTERS = {"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}


def _alphabetic(number: int) -> str:
    """Count as Word does: z is followed by aa, bb, cc."""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    out = ""
    for value, sign in _ROMAN.items():
        out += sign * (number // value)
        number %= value
    return out
