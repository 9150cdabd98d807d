"""ZIP archives: each file in one becomes a source of its own.

No name in an archive is ever used as a name on disk: files are unpacked under numbers, in a child
process, into a folder that the caller removes. The ledger calls them by the archive's path and
theirs.
"""

import shutil
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from ingest.read import DEFAULT_LIMITS, READABLE, Limits, ask_child, check_file
from ingest.reasons import unreadable, unsupported
from ingest.sources import Failed, Source, failed
from kb.errors import Unreadable

_MEGABYTE = 1024 * 1024
_ENCRYPTED = 0x1  # a flag bit
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others can claim gigabytes to unpack
_SMALL = _MEGABYTE  # a blank form may well pack to a thousandth
# What zipfile lets through on a damaged archive or member.
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)


def is_archive(path: Path) -> bool:
    """Tell whether a file is to be unpacked, by its name."""
    return path.suffix.lower() == ".zip"


def members(
    path: Path, folder: Path, *, limits: Limits = DEFAULT_LIMITS
) -> Iterator[Source | Failed]:
    """Unpack an archive into a folder and yield its files, or why one (or all) cannot be read.

    Folders and hidden files are passed over, as in a folder on disk. Where the archive itself
    cannot be read the one item is its own failure.
    """
    whole = Source.of(path)
    try:
        check_file(path, limits=limits)
        answer = ask_child("unpack", path, limits=limits, folder=folder)
    except Unreadable as error:
        yield failed(whole, error)
        return
    for member in answer["members"]:
        source = whole.inside(member["name"], folder / member.get("file", ""))
        if "reason" in member:
            yield failed(source, Unreadable(member["reason"], member["detail"]))
        else:
            yield source


def unpack(path: Path, folder: Path, *, limits: Limits) -> list[dict[str, str]]:
    """Unpack an archive in this process: for each file its name and number, or its refusal.

    Raises `Unreadable` where nothing of the archive may be unpacked.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            listed = [info for info in archive.infolist() if _counts(info)]
            _check_whole(listed, limits)
            names = _distinct([info.filename for info in listed])
            return [
                {"name": name} | _unpacked(archive, info, folder, number, limits)
                for number, (name, info) in enumerate(zip(names, listed, strict=True))
            ]
    except PermissionError:
        raise unreadable("no_permission") from None
    except _FAULTS as error:
        raise unreadable("damaged", fault=f"it cannot be opened as a ZIP: {error}") from None


def _counts(info: zipfile.ZipInfo) -> bool:
    """Tell whether an entry is a file to be told of: no folder, nothing hidden, no Mac's notes."""
    parts = PurePosixPath(info.filename).parts
    hidden = any(part.startswith(".") and part != ".." for part in parts)
    return not (info.is_dir() or hidden or "__MACOSX" in parts)


def _check_whole(listed: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Raise where an archive holds nothing, or too much by its own account.

    Its account can be trusted as an upper bound: no more of a file is unpacked than it states.
    """
    if not listed:
        raise unreadable("empty")
    if len(listed) > limits.archive_files:
        held, limit = f"{len(listed)} files", str(limits.archive_files)
        raise unreadable("archive_too_large", held=held, limit=limit)
    accepted = (info for info in listed if _refusal(info, limits) is None)
    megabytes = sum(info.file_size for info in accepted) // _MEGABYTE
    if megabytes > limits.archive_megabytes:
        held, limit = f"{megabytes} megabytes", f"{limits.archive_megabytes} megabytes"
        raise unreadable("archive_too_large", held=held, limit=limit)


def _distinct(names: list[str]) -> list[str]:
    """Number the names that an archive holds more than once."""
    seen: Counter[str] = Counter()
    out = []
    for name in names:
        seen[name] += 1
        out.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return out


def _unpacked(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, folder: Path, number: int, limits: Limits
) -> dict[str, str]:
    refusal = _refusal(info, limits)
    if refusal is None:
        file = f"{number}{_suffix(info)}"
        try:
            with archive.open(info) as packed, (folder / file).open("xb") as plain:
                shutil.copyfileobj(packed, plain)
            return {"file": file}
        except (*_FAULTS, RuntimeError) as error:  # RuntimeError: locked, with no mark of it
            refusal = unreadable("damaged", fault=f"it cannot be unpacked: {error}")
    return {"reason": refusal.reason, "detail": refusal.detail}


def _refusal(info: zipfile.ZipInfo, limits: Limits) -> Unreadable | None:
    """Return why an entry is not unpacked, None where it is."""
    reason = next((reason for reason, is_so in _RULES.items() if is_so(info, limits)), None)
    if reason == "unsupported":
        return unsupported(_suffix(info))
    facts = {
        "size": info.file_size // _MEGABYTE,
        "limit": limits.file_megabytes,
        "ratio": limits.archive_ratio,
    }
    return unreadable(reason, **facts) if reason else None


def _suffix(info: zipfile.ZipInfo) -> str:
    return PurePosixPath(info.filename).suffix.lower()


def _is_unsafe(info: zipfile.ZipInfo, limits: Limits) -> bool:
    name = info.orig_filename.replace("\\", "/")  # zipfile cuts a name at a NUL; this one is whole
    outside = name.startswith("/") or name[1:2] == ":" or ".." in name.split("/")
    kind = stat.S_IFMT(info.external_attr >> 16)
    return outside or "\0" in name or kind not in (0, stat.S_IFREG)


def _is_swollen(info: zipfile.ZipInfo, limits: Limits) -> bool:
    packed = max(info.compress_size, 1)
    return info.file_size > _SMALL and info.file_size > packed * limits.archive_ratio


_RULES: Mapping[str, Callable[[zipfile.ZipInfo, Limits], bool]] = {
    "unsafe_name": _is_unsafe,
    "unsupported": lambda info, limits: _suffix(info) not in READABLE,
    "encrypted": lambda info, limits: bool(info.flag_bits & _ENCRYPTED),
    "odd_packing": lambda info, limits: info.compress_type not in _METHODS,
    "too_large": lambda info, limits: info.file_size > limits.file_megabytes * _MEGABYTE,
    "swollen": _is_swollen,
}
"""What is looked for in an entry, in order, by the reason that it is refused for."""
