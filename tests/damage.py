"""What may happen to a file on disk."""

from pathlib import Path


def cut(file: Path) -> None:
    """Lose the last hundred bytes."""
    file.write_bytes(file.read_bytes()[:-100])


def flip(file: Path) -> None:
    """Change one bit in the middle."""
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)
