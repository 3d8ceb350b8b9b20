"""Debian's packages: installed by root, unpacked below .setup/debian by anybody else."""

import ctypes
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from skillsmatrix.setup.place import DEBIAN, SETUP, CannotSetUp, clear_unfinished, library_folders, say, whole

# WeasyPrint draws documents with these (its installation page, "Debian").
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
# Playwright's own Node.js needs this one.
TEST_LIBRARIES = {"libatomic.so.1": "libatomic1"}
# A database server, a browser and the reader of finished documents: program → package.
TEST_PROGRAMS = {
    "usr/lib/postgresql/*/bin/initdb": "postgresql",
    "usr/bin/chromium": "chromium",
    "usr/bin/pdftotext": "poppler-utils",
}
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
UNPACKED_CERTIFICATES = SETUP / "certificates.pem"

# The C library and the dynamic loader go together: those of the running system stay.
NEVER_UNPACKED = {"libc6", "libc-bin", "base-files"}


def missing_packages(purpose: str) -> list[str]:
    """Debian packages that `purpose` needs and this machine has neither installed nor unpacked."""
    libraries = LIBRARIES | (TEST_LIBRARIES if purpose == "test" else {})
    missing = [package for library, package in libraries.items() if not _is_loadable(library)]
    if purpose == "test":
        missing += [package for program, package in TEST_PROGRAMS.items() if not _has(program)]
    return missing


def _is_loadable(library: str) -> bool:
    """Whether the dynamic loader finds it, or it lies among what was unpacked."""
    if any((folder / library).exists() for folder in library_folders()):
        return True
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _has(program: str) -> bool:
    return any(any(root.glob(program)) for root in (Path("/"), DEBIAN))


def set_up(purpose: str) -> None:
    """Bring what is missing; `CannotSetUp` where there is no apt, or it fails."""
    clear_unfinished(DEBIAN)
    missing = missing_packages(purpose)
    if not missing:
        return
    for tool in ("apt-get", "dpkg-deb"):
        if shutil.which(tool) is None:
            raise CannotSetUp(f"{', '.join(missing)} missing, and this system has no {tool} to bring them")
    if os.geteuid() == 0:
        _install(missing)
    else:
        with whole(DEBIAN):
            unpack(missing)
    still = missing_packages(purpose)
    if still:
        raise CannotSetUp(f"apt-get brought {', '.join(missing)}, and still missing: {', '.join(still)}")


# Root: an ordinary installation.


def _install(packages: Sequence[str]) -> None:
    say(f"installing {', '.join(packages)} with apt-get")
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if _has_lists() and not complaint(run(install)):
        return
    lists = read_lists([])
    if fault := complaint(run(install)):
        raise CannotSetUp(f"apt-get could not bring {', '.join(packages)}: {lists or fault}")


def _has_lists() -> bool:
    return any(Path("/var/lib/apt/lists").glob("*_Packages*"))


# Anybody: unpacked beside the program.


def unpack(packages: Sequence[str]) -> None:
    """The packages and all they need that is not installed, unpacked below .setup/debian."""
    if _has_lists() and not _fetch_and_unpack(packages, []):
        return
    own_lists = _own_lists()
    lists = read_lists(own_lists)
    if fault := _fetch_and_unpack(packages, own_lists):
        raise CannotSetUp(f"apt-get could not bring {', '.join(packages)}: {lists or fault}")


def read_lists(options: Sequence[str]) -> str:
    """Read the lists of packages anew; empty, or what could not be read (apt calls that a success)."""
    say("reading the lists of Debian packages")
    return " ".join(run(["apt-get", *options, "update"]).stderr.split())[-500:]


def _own_lists() -> list[str]:
    """Options that give apt lists and a cache of our own, and the system's record of what is installed."""
    state, cache = SETUP / "apt" / "state", SETUP / "apt" / "cache"
    (state / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    (cache / "archives" / "partial").mkdir(parents=True, exist_ok=True)
    options = {"Dir::State": state, "Dir::State::status": "/var/lib/dpkg/status", "Dir::Cache": cache}
    return [word for name, value in options.items() for word in ("-o", f"{name}={value}")]


def _fetch_and_unpack(packages: Sequence[str], options: Sequence[str]) -> str:
    """Empty when all is there; else why it cannot be had with the package lists that `options` name."""
    simulated = run(["apt-get", *options, "install", "--simulate", "--no-install-recommends", *packages])
    if fault := complaint(simulated):
        return fault
    chosen = [
        f"{name}={version}"
        for name, version in re.findall(r"^Inst (\S+) (?:\[\S*\] )?\((\S+) ", simulated.stdout, re.MULTILINE)
        if name.partition(":")[0] not in NEVER_UNPACKED
    ]
    say(f"fetching Debian packages: {len(chosen)}")
    archives = SETUP / "apt" / "archives"
    shutil.rmtree(archives, ignore_errors=True)
    archives.mkdir(parents=True)
    if fault := complaint(run(["apt-get", *options, "download", *chosen], cwd=archives)):
        return fault
    say(f"unpacking them into {DEBIAN}")
    for file in sorted(archives.glob("*.deb")):
        must(["dpkg-deb", "--extract", str(file), str(DEBIAN)])
    shutil.rmtree(archives)
    return ""


# Certificates of well-known authorities, for machines without the package that installs them.


def set_up_certificates() -> None:
    """Where https cannot be checked for want of certificates, bring Debian's."""
    given = any(os.environ.get(name) for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "PIP_CERT"))
    if given or CERTIFICATES.is_file() or UNPACKED_CERTIFICATES.is_file() or not shutil.which("apt-get"):
        return
    if os.geteuid() == 0:
        _install(["ca-certificates"])
        return
    if not (DEBIAN / "usr/share/ca-certificates").is_dir():
        with whole(DEBIAN):
            unpack(["ca-certificates"])
    found = sorted((DEBIAN / "usr/share/ca-certificates").rglob("*.crt"))
    draft = UNPACKED_CERTIFICATES.with_suffix(".draft")
    draft.write_text("".join(file.read_text() for file in found))
    draft.replace(UNPACKED_CERTIFICATES)


# Running a program.


def run(
    command: Sequence[str], *, cwd: Path | None = None, env: Mapping[str, str] = os.environ
) -> "subprocess.CompletedProcess[str]":
    """Run to the end without a terminal, in English, with what it says kept."""
    return subprocess.run(
        command,
        cwd=cwd,
        env={**env, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        close_fds=False,  # the lock of place.alone() stays with what was started
    )


def complaint(finished: "subprocess.CompletedProcess[str]") -> str:
    """Empty for a program that did its work; else the end of what it complained of."""
    if finished.returncode == 0:
        return ""
    return " ".join(finished.stderr.split())[-500:] or f"exit status {finished.returncode}"


def must(command: Sequence[str]) -> None:
    """Run it; `CannotSetUp` when it fails."""
    if fault := complaint(run(command)):
        raise CannotSetUp(f"{command[0]} failed: {fault}")
