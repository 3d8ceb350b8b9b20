"""The Python packages of uv.lock in an environment of their own, and the tool that puts them there."""

import configparser
import hashlib
import importlib.util
import os
import platform
import re
import shutil
import ssl
import sys
import urllib.error
import urllib.request
import zipfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urljoin

from skillsmatrix.setup.debian import UNPACKED_CERTIFICATES, complaint, run
from skillsmatrix.setup.place import (
    FONTS,
    PROJECT,
    PYTHON,
    SETUP,
    VENV,
    CannotSetUp,
    is_from_elsewhere,
    say,
    whole,
)

UV_VERSION = "0.13.9"
# Linux with glibc, the machines Debian runs on most: file name → SHA-256, as the package index states it.
UV_WHEELS = {
    "x86_64": (
        f"uv-{UV_VERSION}-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    ),
    "aarch64": (
        f"uv-{UV_VERSION}-py3-none-manylinux_2_28_aarch64.whl",
        "ecb6028d79dc96fbeafffe5c8af62a7099487ebc05a701e76714eebcffd06375",
    ),
}
UV = SETUP / "tools" / f"uv-{UV_VERSION}" / "uv"
PUBLIC_INDEX = "https://pypi.org/simple"
SECONDS = 60
GROUPS = {"run": ["--no-default-groups"], "test": ["--all-groups", "--no-group", "benchmark"]}


def set_up(purpose: str) -> None:
    """The environment with exactly the locked versions; nothing that another purpose put there goes."""
    if not UV.is_file():
        _fetch_uv()
    if is_from_elsewhere():
        say(f"clearing {VENV}, which was made for another folder or Python")
        shutil.rmtree(VENV, ignore_errors=True)
    say("installing the Python packages of uv.lock")
    index = configured("index-url", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")
    with whole(VENV):
        if index is None or index.rstrip("/") == PUBLIC_INDEX:
            _uv("sync", "--frozen", "--inexact", *GROUPS[purpose])
        else:
            _install_from(index, purpose)
    if not PYTHON.exists():
        raise CannotSetUp(f"uv made no environment in {VENV}")


def _install_from(index: str, purpose: str) -> None:
    """The same versions and hashes from another index: the lock file names addresses of the public one."""
    listed = SETUP / "requirements.txt"
    _uv("export", "--frozen", "--no-emit-project", *GROUPS[purpose], "--output-file", str(listed))
    if not PYTHON.exists():
        _uv("venv", "--clear", str(VENV))
    _uv(
        *("pip", "install", "--python", str(PYTHON), "--no-deps", "--require-hashes"),
        *("--default-index", index, "--requirements", str(listed)),
    )


def _uv(*words: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    environment.update(
        UV_PROJECT_ENVIRONMENT=str(VENV),
        UV_SYSTEM_CERTS="1",  # or it fails behind a proxy that inspects
        UV_PYTHON_DOWNLOADS="never",
        UV_NO_PROGRESS="1",
    )
    environment.setdefault("UV_PYTHON", _interpreter())
    environment.setdefault("UV_CACHE_DIR", str(SETUP / "cache"))
    if certificates := _certificates():
        environment.setdefault("SSL_CERT_FILE", certificates)
    if fault := complaint(run([str(UV), *words], cwd=PROJECT, env=environment)):
        raise CannotSetUp(f"uv {words[0]} failed: {fault}")


def _interpreter() -> str:
    """The interpreter this was started with, outside any environment it may be part of."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    base = Path(sys.base_prefix) / "bin" / name
    return str(base) if sys.prefix != sys.base_prefix and base.exists() else sys.executable


# uv itself.


def _fetch_uv() -> None:
    """uv from its wheel, checked against the hash above; where that fails, with pip if there is one."""
    say(f"fetching uv {UV_VERSION}")
    UV.parent.mkdir(parents=True, exist_ok=True)
    try:
        _unzip_uv(_download_uv())
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        if not _pip_brings_uv():
            raise CannotSetUp(f"uv {UV_VERSION} could not be fetched: {error}") from error


def _download_uv() -> Path:
    machine = platform.machine()
    if machine not in UV_WHEELS:
        raise ValueError(f"no wheel is known for {machine}")
    name, expected = UV_WHEELS[machine]
    index = configured("index-url", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL") or PUBLIC_INDEX
    context = ssl.create_default_context(cafile=_certificates())
    page_address = f"{index.rstrip('/')}/uv/"
    if not page_address.startswith(("https://", "http://", "file://")):
        raise ValueError(f"{page_address} is not an address of a package index")
    with urllib.request.urlopen(page_address, timeout=SECONDS, context=context) as answer:
        page = answer.read().decode("utf-8", errors="replace")
    link = re.search(rf'href="([^"]*/{re.escape(name)})[#"]', page)
    if link is None:
        raise ValueError(f"{page_address} does not offer {name}")
    wheel = UV.parent / name
    address = urljoin(page_address, link[1])
    with (
        urllib.request.urlopen(address, timeout=SECONDS, context=context) as answer,
        wheel.open("wb") as file,
    ):
        shutil.copyfileobj(answer, file)
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != expected:
        wheel.unlink()
        raise ValueError(f"{address} has SHA-256 {found}, not {expected}")
    return wheel


def _unzip_uv(wheel: Path) -> None:
    draft = UV.with_suffix(".draft")
    with zipfile.ZipFile(wheel) as archive, draft.open("wb") as file:
        shutil.copyfileobj(archive.open(f"uv-{UV_VERSION}.data/scripts/uv"), file)
    draft.chmod(0o755)
    draft.replace(UV)
    wheel.unlink()


def _pip_brings_uv() -> bool:
    """pip knows of proxies, mirrors and passwords that we do not; bare machines have none."""
    if importlib.util.find_spec("pip") is None:
        return False
    target = UV.parent / "by-pip"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:"]
    finished = run([*command, "--target", str(target), f"uv=={UV_VERSION}"])
    if complaint(finished) or not (target / "bin" / "uv").is_file():
        return False
    (target / "bin" / "uv").replace(UV)
    shutil.rmtree(target)
    return True


# What this machine says about package indexes and certificates.


def configured(option: str, *variables: str) -> str | None:
    """A setting of uv or pip: the first of the variables that is set, else pip's own files."""
    for variable in variables:
        if os.environ.get(variable):
            return os.environ[variable]
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home() raises where there is no home
    files: Sequence[str | Path] = (
        "/etc/pip.conf",
        home / ".pip" / "pip.conf",
        Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "pip" / "pip.conf",
        os.environ.get("PIP_CONFIG_FILE", ""),
    )
    parser = configparser.RawConfigParser()
    try:
        parser.read([str(file) for file in files if str(file)], encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError):
        return None
    return parser.get("global", option, fallback=None) or None


def _certificates() -> str | None:
    """The file of certificates to trust, where it is not simply the system's."""
    given = configured("cert", "SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE")
    if given is None and UNPACKED_CERTIFICATES.is_file():
        return str(UNPACKED_CERTIFICATES)
    return given


# The font that documents are drawn with.


def write_font_settings() -> None:
    """Point fontconfig at the font wheel only: WeasyPrint crashes on a machine without a single font."""
    found = sorted(VENV.glob("lib/python*/site-packages/font_source_sans_pro/files"))
    if not found:
        raise CannotSetUp(f"the font package is not in {VENV}")
    cache = SETUP / "cache" / "fonts"
    text = (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        f"  <dir>{found[0]}</dir>\n  <cachedir>{cache}</cachedir>\n</fontconfig>\n"
    )
    draft = FONTS.with_suffix(".draft")
    draft.write_text(text)
    draft.replace(FONTS)
