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
from importlib.resources.abc import Traversable
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

# Source Sans has every Latin letter of the workforce's names, Greek and Cyrillic. For Arabic the font must
# draw a letter with its dots as one glyph: with fonts that put them together out of parts (Noto), the text
# that is read aloud or copied out of the page is another one than the page shows.
FAMILIES = '"Source Sans Pro", "IBM Plex Sans Arabic"'

_FILES = {
    "font_source_sans_pro": ("SourceSansPro-Regular.ttf", "SourceSansPro-Semibold.ttf"),
    "fontpkg_ibm_plex_sans_arabic": ("IBMPlexSansArabic-Regular.ttf", "IBMPlexSansArabic-SemiBold.ttf"),
}

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
    for font in _fonts():
        (folder / font.name).write_bytes(font.read_bytes())
    (folder / "cache").mkdir()
    (folder / "fonts.conf").write_text(_CONFIGURATION.format(folder=folder), encoding="utf-8")
    return folder


@cache
def covered() -> frozenset[int]:
    """Code points that the bundled fonts can draw, in each of their weights."""
    points: dict[str, set[int]] = {}
    for font in _fonts():
        with font.open("rb") as source:
            drawn = set(TTFont(source, lazy=True).getBestCmap())
        family = font.name.partition("-")[0]
        points[family] = points.get(family, drawn) & drawn
    return frozenset(set().union(*points.values()))


def _fonts() -> list[Traversable]:
    return [files(package) / "files" / name for package, names in _FILES.items() for name in names]
