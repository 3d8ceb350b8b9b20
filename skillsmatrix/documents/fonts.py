"""The fonts documents are set in, and the one place that shows them to Pango.

A machine may have no font at all (WeasyPrint then ends with a segmentation fault), or other fonts than ours
(the same facts would give other bytes). So a folder holds exactly these fonts, and `FONTCONFIG_FILE` names
that folder before WeasyPrint is imported.
"""

import atexit
import os
import shutil
import tempfile
from functools import cache
from importlib.resources import files
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from fontTools.varLib import instancer  # type: ignore[import-untyped]

LATIN = "Source Sans Pro"
ARABIC = "Noto Sans Arabic"
FAMILIES = f'"{LATIN}", "{ARABIC}"'

_LATIN_FILES = ("SourceSansPro-Regular.ttf", "SourceSansPro-Semibold.ttf", "SourceSansPro-It.ttf")
_ARABIC_FILE = "NotoSansArabic[wdth,wght].ttf"
_ARABIC_STATIC = "NotoSansArabic-Regular.ttf"

_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{folder}</dir>
  <cachedir>{folder}/cache</cachedir>
</fontconfig>
"""


def use_bundled_fonts(folder: Path | None = None) -> Path:
    """Point fontconfig at our fonts and nothing else; return the folder that holds them.

    Must run before WeasyPrint is imported. `folder`: one that an earlier call (in a parent process) returned;
    without it a temporary one is made, once per process, and removed at exit.
    """
    folder = folder or _own_folder()
    os.environ["FONTCONFIG_FILE"] = str(folder / "fonts.conf")
    return folder


@cache
def _own_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="skillsmatrix-fonts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    latin = files("font_source_sans_pro") / "files"
    for name in _LATIN_FILES:
        (folder / name).write_bytes((latin / name).read_bytes())
    _write_static_arabic(folder / _ARABIC_STATIC)
    (folder / "cache").mkdir()
    (folder / "fonts.conf").write_text(_CONFIGURATION.format(folder=folder), encoding="utf-8")
    return folder


def _write_static_arabic(path: Path) -> None:
    # A variable font costs two to three times as long on every page; one instance is cut once instead.
    with (files("fontpkg_noto_sans_arabic") / "files" / _ARABIC_FILE).open("rb") as source:
        font = TTFont(source)
        instancer.instantiateVariableFont(font, {"wght": 400, "wdth": 100}, inplace=True)
        font["head"].modified = font["head"].created  # the same bytes in every process
        font.recalcTimestamp = False
        font.save(path)


@cache
def covered() -> frozenset[int]:
    """Code points that the bundled fonts can draw."""
    latin = files("font_source_sans_pro") / "files" / _LATIN_FILES[0]
    arabic = files("fontpkg_noto_sans_arabic") / "files" / _ARABIC_FILE
    points: set[int] = set()
    for resource in (latin, arabic):
        with resource.open("rb") as source:
            points.update(TTFont(source, lazy=True).getBestCmap())
    return frozenset(points)
