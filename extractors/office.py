"""ODT, DOC and RTF: LibreOffice makes a DOCX of them, without a window, macros, links or a network.

Every conversion has a profile of its own in a temporary folder, so that it neither waits for nor changes the
LibreOffice of the user, and is killed with all its children when its time is over.
"""

from __future__ import annotations

import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

from extractors.document import ReadCode
from extractors.limits import MEGABYTE, Limits, RefusedError
from extractors.programs import ProgramTimeoutError, run

# The filter is named, so that LibreOffice does not decide by itself that a text is a spreadsheet with macros.
_FILTERS = {"odt": "writer8", "doc": "MS Word 97", "rtf": "Rich Text Format"}
_PLACES = (
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)
_MEMORY = 4 * 1024 * MEGABYTE
_LARGEST_RESULT = 300 * MEGABYTE

# Configuration of LibreOffice 5 and newer; an unknown setting is ignored by older ones.
_SETTINGS = (
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "2"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "2"),
    ("/org.openoffice.Office.Common/Load", "DisableBuiltinFonts", "false"),
    ("/org.openoffice.Office.Common/Misc", "CrashReport", "false"),
    ("/org.openoffice.Inet/Settings", "ooInetProxyType", "2"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


@lru_cache(maxsize=1)
def find_office() -> Path | None:
    """The program, None where LibreOffice is not installed."""
    for name in ("soffice", "libreoffice"):
        if found := shutil.which(name):
            return Path(found)
    return next((path for place in _PLACES if (path := Path(place)).is_file()), None)


def to_docx(data: bytes, kind: str, limits: Limits) -> bytes:
    """The bytes of a DOCX with the same content.

    Args:
        data: The file.
        kind: ``odt``, ``doc`` or ``rtf``.
        limits: Whether LibreOffice may be started, and for how long.

    Raises:
        RefusedError: ``unsupported-format`` without LibreOffice, ``timeout``, ``corrupt`` when nothing comes out.
    """
    program = find_office() if limits.office else None
    if program is None:
        raise RefusedError(ReadCode.UNSUPPORTED_FORMAT, found="office", format=kind)
    with tempfile.TemporaryDirectory(prefix="dekkend-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        # a name of our own: the user's may hold anything
        origin = place / f"document.{kind}"
        origin.write_bytes(data)
        profile = _profile(place / "profile")
        try:
            run(
                _command(program, profile, origin, kind),
                seconds=limits.office_seconds,
                memory=_MEMORY,
                folder=place,
                environment={"HOME": folder, "TMPDIR": folder, "SAL_USE_VCLPLUGIN": "svp"},
            )
        except ProgramTimeoutError:
            raise RefusedError(ReadCode.TIMEOUT) from None
        result = place / "out" / "document.docx"
        if not result.is_file() or result.is_symlink():
            raise RefusedError(ReadCode.CORRUPT)
        if result.stat().st_size > _LARGEST_RESULT:
            raise RefusedError(ReadCode.TOO_LARGE)
        return result.read_bytes()


def _command(program: Path, profile: Path, origin: Path, kind: str) -> list[str]:
    return [
        str(program),
        f"-env:UserInstallation={profile.as_uri()}",
        "--headless",
        "--invisible",
        "--norestore",
        "--nolockcheck",
        "--nodefault",
        "--nologo",
        "--nofirststartwizard",
        f"--infilter={_FILTERS[kind]}",
        "--convert-to",
        "docx:MS Word 2007 XML",
        "--outdir",
        str(origin.parent / "out"),
        str(origin),
    ]


def _profile(folder: Path) -> Path:
    user = folder / "user"
    user.mkdir(parents=True)
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema">{items}</oor:items>\n',
        encoding="utf-8",
    )
    return folder
