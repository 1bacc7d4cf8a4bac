"""Files that are no text, known by their first bytes, and what would be right instead."""

import re

_UNPACK = "expected a text file: unpack it first"
_SAVE = "expected a text file: save the sheet as CSV first"
_NUMBERS = "expected a text file with rows of numbers"

_KINDS: tuple[tuple[bytes, str], ...] = (
    (rb"\x1f\x8b", f"is compressed (gzip); {_UNPACK}"),
    (rb"BZh[1-9]1AY&SY", f"is compressed (bzip2); {_UNPACK}"),
    (rb"\xfd7zXZ\x00", f"is compressed (xz); {_UNPACK}"),
    (rb"\x28\xb5\x2f\xfd", f"is compressed (zstd); {_UNPACK}"),
    (rb"7z\xbc\xaf\x27\x1c", f"is an archive (7z); {_UNPACK}"),
    (rb"Rar!\x1a\x07", f"is an archive (rar); {_UNPACK}"),
    (rb".{257}ustar[\x00 ]", f"is an archive (tar); {_UNPACK}"),
    (rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis", f"is a document of an office program; {_SAVE}"),
    (rb"PK\x03\x04.*(?:\[Content_Types\]|xl/|_rels/)", f"is a workbook of a spreadsheet (xlsx); {_SAVE}"),
    (rb"PK(?:\x03\x04|\x05\x06)", f"is an archive (zip); {_UNPACK}"),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", f"is an old document of an office program (xls); {_SAVE}"),
    (rb"%PDF-", f"is a PDF; {_NUMBERS}"),
    (rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|RIFF.{4}WEBP|II\*\x00|MM\x00\*", f"is a picture; {_NUMBERS}"),
    (rb"SQLite format 3\x00", f"is an SQLite database; {_NUMBERS}"),
    (rb"PAR1[\x00-\x1f]", f"is a Parquet file; {_NUMBERS}"),
    (rb"\x89HDF\r\n", f"is an HDF5 file; {_NUMBERS}"),
    (rb"\x93NUMPY", f"is a NumPy file; {_NUMBERS}"),
)
_SIGNATURES = tuple((re.compile(signature, re.DOTALL), problem) for signature, problem in _KINDS)
_LOOKED_AT = 4096


def what_is_wrong(beginning: bytes) -> str:
    """Tell what a file is instead of a text, and what to do; empty where no signature is known.

    Parameters
    ----------
    beginning
        Its first bytes.
    """
    beginning = beginning[:_LOOKED_AT]
    return next((problem for signature, problem in _SIGNATURES if signature.match(beginning)), "")
