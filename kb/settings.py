"""Where things live: the home folder, the starter corpus, the model's name."""

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import platformdirs

from kb.errors import UsageError

DEFAULT_MODEL = "all-MiniLM-L6-v2"
FAKE_MODEL = "word-hash"
"""The encoder that tests can compute by hand."""
DEFAULT_PORT = 8000


class Precision(StrEnum):
    """The numbers of an exported model: as published, or eight bits, faster and a little off."""

    FP32 = "fp32"
    INT8 = "int8"


INT8_MARK = "-int8"
"""What the fingerprint of a model of eight bits ends with."""


def corpus_folder() -> Path:
    """Return the shipped data: beside the packages in a checkout, inside kb in a wheel."""
    here = Path(__file__).resolve().parent
    installed = here / "corpus"
    return installed if installed.is_dir() else here.parent / "corpus"


@dataclass(frozen=True, slots=True)
class Home:
    """The one folder that holds a library; created readable by its owner only."""

    root: Path

    @classmethod
    def choose(cls, given: str | None = None) -> "Home":
        """Return the home: the one given, else PFDKB_HOME, else the platform's data folder."""
        chosen = given or os.environ.get("PFDKB_HOME")
        folder = Path(chosen) if chosen else platformdirs.user_data_path("pfdkb", appauthor=False)
        return cls(folder.expanduser())

    def create(self) -> None:
        """Make the folder and its parts, closed to other users."""
        for folder in (self.root, self.index, self.models, self.originals):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def database(self) -> Path:
        """The SQLite file: the library itself."""
        return self.root / "kb.db"

    @property
    def index(self) -> Path:
        """FAISS files: a cache of the vectors in the database."""
        return self.root / "index"

    @property
    def models(self) -> Path:
        """Models that the user keeps beside the library."""
        return self.root / "models"

    @property
    def originals(self) -> Path:
        """The bytes of every file read, named by sha256."""
        return self.root / "originals"


def model_name() -> str:
    """Return the encoder's name: PFDKB_MODEL, or all-MiniLM-L6-v2."""
    return os.environ.get("PFDKB_MODEL") or DEFAULT_MODEL


def precision() -> Precision | None:
    """Return the model's precision: PFDKB_PRECISION, or None where none is asked for.

    Raises `UsageError`.
    """
    chosen = os.environ.get("PFDKB_PRECISION")
    if not chosen:
        return None
    try:
        return Precision(chosen.lower())
    except ValueError:
        raise UsageError(f"PFDKB_PRECISION is '{chosen}'; it may be fp32 or int8.") from None


class TaggerKind(StrEnum):
    """Who gives passages their themes: the trained model with the cues, or the cues alone."""

    MODEL = "model"
    CUES = "cues"


def tagger_kind() -> TaggerKind:
    """Return who tags: PFDKB_TAGGER, else the trained model (cues beside the test encoder).

    Raises `UsageError` for another word.
    """
    chosen = os.environ.get("PFDKB_TAGGER")
    if not chosen:
        return TaggerKind.CUES if model_name() == FAKE_MODEL else TaggerKind.MODEL
    try:
        return TaggerKind(chosen)
    except ValueError:
        raise UsageError(
            f"PFDKB_TAGGER is '{chosen}'. It can be: {', '.join(TaggerKind)}."
        ) from None
