"""Style sheets, scripts and pictures, out of the wheels and our own folder.

The kit's style sheet asks a host of the NHS for a font that only NHS organisations may use; its font rules
and the font's name are taken out before it is served. The digest in the address lets browsers keep a file
for ever.
"""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from flask import Blueprint, Flask, Response, abort, current_app, request

from skillsmatrix.foundation.settings import Settings
from skillsmatrix.web.shared.guards import public
from skillsmatrix.web.shared.links import plain_address

STATIC: Final = Path(__file__).parents[2] / "static"

KIT_CSS: Final = "static/wagtailnhsukfrontend/css/nhsuk-frontend-10.4.2.min.css"
KIT_JS: Final = "static/wagtailnhsukfrontend/js/nhsuk-frontend-10.4.2.min.js"
HTMX_JS: Final = "static/django_htmx/htmx-2.min.js"

_YEAR_SECONDS: Final = 365 * 24 * 3600
_ASSETS: Final = "skillsmatrix.assets"
# The kit starts when the page says that scripts run; without that everything stays open and works.
_START_KIT: Final = ';document.body.classList.add("js-enabled","nhsuk-frontend-supported");initAll();'

bp = Blueprint("assets", __name__)


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is served."""

    body: bytes
    zipped: bytes
    digest: str
    media_type: str


def init_assets(app: Flask, settings: Settings) -> None:
    """Read every file once, when the application starts."""
    files = {path.name: path.read_bytes() for path in sorted(STATIC.iterdir()) if path.is_file()}
    files["kit.css"] = without_fonts(_wheel("wagtailnhsukfrontend", KIT_CSS).decode()).encode()
    files["kit.js"] = started(_wheel("wagtailnhsukfrontend", KIT_JS).decode()).encode()
    files["htmx.js"] = _wheel("django_htmx", HTMX_JS)
    files["brand.css"] = brand(settings.organisation_colour).encode()
    if settings.organisation_logo is not None:
        files[f"logo{settings.organisation_logo.suffix.lower()}"] = settings.organisation_logo.read_bytes()
    app.extensions[_ASSETS] = {name: _asset(name, body) for name, body in files.items()}
    app.register_blueprint(bp)


def asset_url(name: str) -> str:
    """The address of a file, with its digest. A misspelt name is a KeyError."""
    return plain_address("assets.serve", digest=_assets()[name].digest, name=name)


@bp.get("/assets/<digest>/<name>")
@public(why="style sheets and scripts of the sign-in page")
def serve(digest: str, name: str) -> Response:
    asset = _assets().get(name)
    if asset is None or asset.digest != digest:
        abort(404)
    zipped = request.accept_encodings.quality("gzip") > 0 and len(asset.zipped) < len(asset.body)
    response = Response(asset.zipped if zipped else asset.body, content_type=asset.media_type)
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = f"public, max-age={_YEAR_SECONDS}, immutable"
    return response


def without_fonts(css: str) -> str:
    """The style sheet less its font rules and the font's name; what is left falls back to Arial."""
    css = re.sub(r"@font-face\s*\{[^}]*\}|/\*# sourceMappingURL=[^*]*\*/", "", css)
    css = re.sub(r"Frutiger W01\s*,\s*", "", css)
    return re.sub(r"font-family:\s*Frutiger W01", "font-family:arial", css)


def started(script: str) -> str:
    """The kit's module with its start at the end, and without the map that only its makers have."""
    script = re.sub(r"\n?//# sourceMappingURL=.*", "", script).rstrip().rstrip(";")
    return script + _START_KIT


def brand(colour: str) -> str:
    """The organisation's colour for the header, with whichever of black and white reads better on it."""
    return f":root{{--app-brand:{colour};--app-on-brand:{_readable_on(colour)}}}\n"


def _readable_on(colour: str) -> str:
    # WCAG 2.2 relative luminance; contrast with white equals contrast with black at about 0.179.
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels
    )
    return "#ffffff" if 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.179 else "#000000"


def _assets() -> Mapping[str, Asset]:
    assets: Mapping[str, Asset] = current_app.extensions[_ASSETS]
    return assets


@cache
def _asset(name: str, body: bytes) -> Asset:
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if media_type.startswith("text/"):
        media_type += "; charset=utf-8"
    digest = hashlib.sha256(body).hexdigest()[:16]
    return Asset(body, gzip.compress(body, mtime=0), digest, media_type)


def _wheel(package: str, path: str) -> bytes:
    """A file out of an installed package, which is not imported: Django is not there."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"the package {package} is not installed; it carries {path}")
    return (Path(spec.submodule_search_locations[0]) / path).read_bytes()
