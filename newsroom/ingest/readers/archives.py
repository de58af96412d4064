"""Members of tar and ZIP archives. Nothing is written to disk under a member's name, and none may lead out of its archive."""

from __future__ import annotations

import re
import stat
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO, BinaryIO, cast

from newsroom.ingest.readers.incoming import WHOLE, Incoming, Limits, broken
from newsroom.ingest.readers.salvage import salvage
from newsroom.ingest.readers.streams import BLOCK, BrokenError, Bytes, Stream
from newsroom.ingest.readers.unpack import Budget, Meter

Read = Callable[[Stream, str], Iterator[Incoming]]
# A member's name and attributes; longer ones are an attack on memory.
_LONGEST_HEADER = 1 << 20
_DRIVE = re.compile(r"[A-Za-z]:")
_END_OF_ZIP = b"PK\x05\x06"
# A ZIP's table of contents ends with a comment of up to 64 KB.
_TAIL = 22 + (1 << 16)
_OFFICE = {"[Content_Types].xml", "mimetype"}


def read_tar(stream: Stream, name: str, limits: Limits, read: Read) -> Iterator[Incoming]:
    """The documents of each member, in the archive's order."""
    layer = object()
    try:
        with tarfile.open(fileobj=cast("IO[bytes]", stream), mode="r|", tarinfo=_Header) as archive:
            yield from _tar_members(archive, layer, name, limits, read)
    except (tarfile.TarError, ValueError, OverflowError, EOFError) as error:
        yield Incoming(
            name, None, f"the tar archive is damaged or ends early ({error}); what came before was read. {WHOLE}"
        )
    except BrokenError as error:
        if error.layer is not layer:
            raise
        yield broken(name, error, error.partial)


class _Header(tarfile.TarInfo):
    """A member's header that refuses to be longer than any honest one: the library holds it in memory."""

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        if self.size > _LONGEST_HEADER and self.type in (
            tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK,
        ):  # fmt: skip
            raise tarfile.HeaderError(f"a header of {self.size:,} bytes")
        return super()._proc_member(archive)  # type: ignore[misc, no-any-return]


def _tar_members(archive: tarfile.TarFile, layer: object, name: str, limits: Limits, read: Read) -> Iterator[Incoming]:
    number = 0
    while (member := archive.next()) is not None:
        archive.members.clear()  # type: ignore[attr-defined] # the library keeps every header it has seen
        number += 1
        if number > limits.members:
            yield Incoming(name, None, _too_many(limits))
            return
        if member.isdir() or _hidden(member.name):
            continue
        label = f"{name}/{member.name}"
        why = _leads_out(member.name) or _no_file(member)
        if why:
            yield Incoming(label, None, why)
        else:
            file = archive.extractfile(member)
            assert file is not None
            yield from read(Stream(_Member(file, layer, (tarfile.TarError, OSError, ValueError))), label)


def _no_file(member: tarfile.TarInfo) -> str:
    if member.issym() or member.islnk():
        return "is a link to another file, and links in archives are not followed"
    if not member.isreg() or member.issparse():
        return "is a device, a pipe or a file with holes, not a document"
    return ""


class _Member:
    """The bytes of a member; what goes wrong while they are read is the fault of ``layer``."""

    def __init__(
        self, file: Bytes, layer: object, faults: tuple[type[Exception], ...], meter: Meter | None = None
    ) -> None:
        self._file, self._layer, self._faults, self._meter = file, layer, faults, meter

    def read(self, size: int = -1, /) -> bytes:
        try:
            data = self._file.read(BLOCK if size < 0 else size)
        except self._faults as error:
            raise BrokenError(self._layer, f"the archive is damaged or ends early ({error})") from error
        if self._meter is not None:
            self._meter.count(len(data))
        return data


def read_zip(stream: Stream, name: str, limits: Limits, budget: Budget, read: Read) -> Iterator[Incoming]:
    """The documents of each member, in the order of the archive's table of contents.

    An archive that lost its table of contents is read from the front, as far as it goes.
    """
    if stream.file is not None:
        yield from _search_zip(stream.file, name, limits, budget, read)
        return
    with tempfile.TemporaryFile() as spool:
        fault = None
        try:
            while block := stream.read(BLOCK):
                spool.write(block)
        except BrokenError as error:
            fault = error
        yield from _search_zip(spool, name, limits, budget, read)
        if fault is not None:
            raise fault


def _search_zip(file: BinaryIO, name: str, limits: Limits, budget: Budget, read: Read) -> Iterator[Incoming]:
    if _count_of(file) > limits.members:
        yield Incoming(name, None, _too_many(limits))
        return
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, struct.error) as error:
        file.seek(0)
        yield from salvage(Stream(file), name, limits, read)
        yield Incoming(
            name, None, f"the ZIP archive is damaged or ends early ({error}); what came before was read. {WHOLE}"
        )
        return
    with archive:
        if _OFFICE & set(archive.namelist()):
            yield Incoming(name, None, "is an office document or e-book: save it as plain text or HTML first")
            return
        for member in archive.infolist():
            if not member.is_dir() and not _hidden(member.filename):
                yield from _zip_member(archive, member, f"{name}/{member.filename}", limits, budget, read)


def _zip_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, label: str, limits: Limits, budget: Budget, read: Read
) -> Iterator[Incoming]:
    why = _leads_out(member.filename)
    mode = member.external_attr >> 16
    if not why and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        why = "is a link or a device, and those in archives are not followed"
    if not why and member.flag_bits & 1:
        why = "is encrypted: unpack the archive with its password first"
    if why:
        yield Incoming(label, None, why)
        return
    layer = object()
    try:
        with archive.open(member) as file:
            meter = Meter(layer, limits, budget, packed=member.compress_size)
            faults = (zipfile.BadZipFile, OSError, EOFError, ValueError, zlib.error)
            yield from read(Stream(_Member(cast("Bytes", file), layer, faults, meter)), label)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        yield Incoming(label, None, f"cannot be taken out of the ZIP archive ({error})")
    except BrokenError as error:
        if error.layer is not layer:
            raise
        yield broken(label, error, error.partial)


def _count_of(file: BinaryIO) -> int:
    """How many members the archive says it has, as told by the end of its table of contents; 0 if there is no telling.

    Asked before the library loads the table whole.
    """
    size = file.seek(0, 2)
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    place = tail.rfind(_END_OF_ZIP)
    if place < 0 or len(tail) < place + 22:
        return 0
    length: int = struct.unpack("<L", tail[place + 12 : place + 16])[0]
    if length == 0xFFFFFFFF and tail[max(0, place - 76) :].startswith(b"PK\x06\x06"):
        length = struct.unpack("<Q", tail[place - 76 + 40 : place - 76 + 48])[0]
    # The count itself can be false; the length is what will be loaded, and an entry takes 46 bytes at least.
    return length // 46 if length // 46 < size else 0


def _leads_out(name: str) -> str:
    parts = re.split(r"[/\\]", name)
    if name.startswith(("/", "\\")) or _DRIVE.match(name) or ".." in parts or "\0" in name:
        return "has a name that leads out of its archive: it was left alone"
    return ""


def _hidden(name: str) -> bool:
    """Hidden files, as in directories, and what macOS puts beside each file."""
    parts = name.split("/")
    return not _leads_out(name) and ("__MACOSX" in parts or parts[-1].startswith("."))


def _too_many(limits: Limits) -> str:
    return (
        f"holds more than {limits.members:,} members, and the rest was left out; unpack it first, or raise "
        "NEWSROOM_IMPORT_MAX_MEMBERS"
    )
