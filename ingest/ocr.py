"""Text recognition of scanned pages, where the extra `pfd-kb[ocr]` is installed.

The only door to rapidocr. It runs in the child process that reads the file; the program itself
only asks whether it is there.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_LEAST = 0.5
"""Lines of which the recogniser is less sure than this are left out, and counted."""

_LONGEST_SIDE = 1600  # pixels at which lines are looked for; they are read at full size
_THREADS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A run of words on a page: how sure the recogniser is (0 to 1), and its box in pixels."""

    text: str
    confidence: float
    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        """Where the line stands on the page, from the top."""
        return (self.top + self.bottom) / 2

    def beside(self, other: "Line") -> bool:
        """Tell whether two runs stand on one line of the page (a scan is never quite straight)."""
        lower = min(self.bottom - self.top, other.bottom - other.top)
        return abs(self.middle - other.middle) < lower / 2


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was read from one page.

    `confidence` is the mean over the characters kept, None where none were; `left_out` counts the
    lines that were too uncertain.
    """

    text: str
    confidence: float | None
    left_out: int


Recognise = Callable[[Any], Recognised]
"""Reads one page, given as an array of height x width x 3 bytes (blue, green, red)."""


def available() -> bool:
    """Tell whether the extra is installed."""
    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


def in_order(lines: Iterable[Line]) -> list[str]:
    """Return the lines of a page from top to bottom, runs on one line from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.middle):
        if rows and line.beside(rows[-1][-1]):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [
        " ".join(line.text.strip() for line in sorted(row, key=lambda one: one.left))
        for row in rows
    ]


def recognised(lines: Sequence[Line]) -> Recognised:
    """Return a page's text in reading order, without the lines that are too uncertain."""
    kept = [line for line in lines if line.confidence >= _LEAST and line.text.strip()]
    letters = sum(len(line.text) for line in kept)
    sure = sum(line.confidence * len(line.text) for line in kept)
    return Recognised(
        "\n".join(in_order(kept)),
        round(sure / letters, 3) if letters else None,
        len(lines) - len(kept),
    )


def recogniser() -> Recognise:
    """Load the recogniser (about 2 s) and return the function that reads a page.

    Raises `ImportError` without the extra.
    """
    threads = str(min(_THREADS, os.cpu_count() or 1))
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # each thread costs address space
        os.environ.setdefault(name, threads)
    import rapidocr

    package = Path(rapidocr.__file__).parent
    engine: Any = rapidocr.RapidOCR(params=_settings(package, int(threads)))

    def recognise(picture: Any) -> Recognised:
        found = engine(picture)
        if found.boxes is None or found.txts is None or found.scores is None:
            return Recognised("", None, 0)
        every = zip(found.boxes, found.txts, found.scores, strict=True)
        return recognised([_line(box, text, score) for box, text, score in every])

    return recognise


def _settings(package: Path, threads: int) -> dict[str, Any]:
    """Return the engine's settings. The models are named by path, or it might fetch others.

    Measured on the public forms, rendered: looking for lines at 1600 pixels reads as much as at
    full size in half the time. Turning lines that stand upside down is off: it garbled upright
    ones.
    """
    return {
        "Global.log_level": "error",
        "Global.text_score": 0.0,  # what is too uncertain is counted here, not lost there
        "Global.use_cls": False,
        "Det.limit_type": "max",
        "Det.limit_side_len": _LONGEST_SIDE,
        "Det.model_path": _model(package, "*det*.onnx"),
        "Rec.model_path": _model(package, "*rec*.onnx"),
        "EngineConfig.onnxruntime.intra_op_num_threads": threads,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }


def _model(package: Path, pattern: str) -> str:
    found = sorted((package / "models").glob(pattern))
    if not found:
        raise ImportError(f"rapidocr was installed without its model {pattern}")
    return str(found[-1])


def _line(box: Any, text: str, score: float) -> Line:
    across, down = zip(*(map(float, corner) for corner in box), strict=True)
    return Line(
        text=text,
        confidence=float(score),
        left=min(across),
        right=max(across),
        top=min(down),
        bottom=max(down),
    )
