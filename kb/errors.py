"""One tree of errors. Each carries a sentence for a person, an exit code and an HTTP status.

The command line, the pages and the JSON answers all show an error the same way: its sentence.
"""


class PfdError(Exception):
    """Anything that goes wrong in a way a person can be told about."""

    exit_code = 1
    status = 500

    @property
    def sentence(self) -> str:
        """What happened and what to do about it."""
        return str(self)


class UsageError(PfdError):
    """The question was asked wrongly: an unknown filter, a value that cannot be."""

    exit_code = 2
    status = 400


class UnknownFilterValue(UsageError):
    """A filter names a kind, theme or date that does not exist."""


class NotHeld(PfdError):
    """A document, theme, passage or cluster was asked for that the library does not hold."""

    status = 404


class Unreadable(PfdError):
    """A source cannot be read. `reason` is a short key for the ledger, the text the advice."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class LibraryMissing(PfdError):
    """There is no library in the home folder yet."""

    status = 503


class LibraryLocked(PfdError):
    """Another process is writing to the library."""

    exit_code = 3
    status = 503


class LibraryTooNew(PfdError):
    """The library was written by a later version of this program."""

    status = 503


class ModelUnavailable(PfdError):
    """The model that turns text into vectors is missing, damaged or has been changed."""

    status = 503


class IndexDamaged(PfdError):
    """The index file on disk is not the one that the library recorded."""

    status = 503
