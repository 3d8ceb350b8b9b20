"""Debian packages for somebody who is not root: which are fetched, and where they are unpacked."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.setup.machine import Machine

# Answers as apt does; `download` leaves a file for each package it is asked for.
APT = """#!/bin/sh
echo "apt-get $*" >> "$CALLS"
case "$*" in
  *--simulate*) cat "$ANSWERS/simulate" ;;
  *download*) [ -e "$ANSWERS/stale" ] && case "$*" in *Dir::State*) ;; *) echo "E: 404" >&2; exit 100;; esac
    for word in "$@"; do case "$word" in *=[0-9]*) touch "${word%%=*}.deb" ;; esac; done ;;
esac
"""
DPKG = """#!/bin/sh
echo "dpkg-deb $(basename "$2")" >> "$CALLS"
mkdir -p "$3/usr/lib/unpacked"
"""
SIMULATED = """Reading package lists...
Inst libpango-1.0-0 (1.50.12+ds-1 Debian:12.11/stable [amd64])
Inst libc6 [2.36-9+deb12u9] (2.36-9+deb12u10 Debian:12.11/stable [amd64]) []
Inst libfribidi0 (1.0.8-2.1 Debian:12.11/stable [amd64]) []
Conf libfribidi0 (1.0.8-2.1 Debian:12.11/stable [amd64])
"""


class Apt:
    """Stand-ins for apt-get and dpkg-deb, and what they were asked to do."""

    def __init__(self, machine: Machine, folder: Path) -> None:
        self.machine, self.folder = machine, folder
        (folder / "bin").mkdir(parents=True)
        for name, text in (("apt-get", APT), ("dpkg-deb", DPKG)):
            (folder / "bin" / name).write_text(text)
            (folder / "bin" / name).chmod(0o755)
        (folder / "simulate").write_text(SIMULATED)
        machine.setup.mkdir()

    def unpack(self) -> "subprocess.CompletedProcess[str]":
        """Bring one package, in a process of its own."""
        code = "from skillsmatrix.setup import debian; debian.unpack(['libpango-1.0-0'])"
        return subprocess.run(
            [sys.executable, "-c", code],
            cwd=self.machine.folder,
            env={
                "PATH": f"{self.folder / 'bin'}:/usr/bin:/bin",
                "CALLS": str(self.folder / "calls"),
                "ANSWERS": str(self.folder),
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def calls(self) -> list[str]:
        """The commands so far, in order."""
        return (self.folder / "calls").read_text().splitlines()


@pytest.fixture
def apt(tmp_path: Path) -> Apt:
    """A machine with the stand-ins in front of the real programs."""
    return Apt(Machine(tmp_path / "project"), tmp_path / "apt")


def test_what_is_missing_is_fetched_in_the_versions_apt_names_and_unpacked(apt: Apt) -> None:
    finished = apt.unpack()

    assert finished.returncode == 0, finished.stderr
    fetched = next(call for call in apt.calls() if " download " in call)
    assert fetched.endswith("download libpango-1.0-0=1.50.12+ds-1 libfribidi0=1.0.8-2.1")
    assert [call for call in apt.calls() if call.startswith("dpkg-deb")] == [
        "dpkg-deb libfribidi0.deb",
        "dpkg-deb libpango-1.0-0.deb",
    ]
    assert (apt.machine.setup / "debian/usr/lib/unpacked").is_dir()


def test_the_c_library_of_the_running_system_stays(apt: Apt) -> None:
    apt.unpack()

    assert not any("libc6" in call for call in apt.calls() if not call.startswith("apt-get -o"))


def test_stale_package_lists_are_read_anew_in_a_place_of_our_own(apt: Apt) -> None:
    (apt.folder / "stale").touch()

    finished = apt.unpack()

    assert finished.returncode == 0, finished.stderr
    assert "reading the lists of Debian packages" in finished.stderr
    update = next(call for call in apt.calls() if call.endswith(" update"))
    assert f"Dir::State={apt.machine.setup}/apt/state" in update


def test_what_apt_complains_of_is_passed_on(apt: Apt) -> None:
    (apt.folder / "bin" / "apt-get").write_text("#!/bin/sh\necho 'E: no route' >&2\nexit 100\n")

    finished = apt.unpack()

    assert finished.returncode == 1
    assert "CannotSetUp: apt-get could not bring libpango-1.0-0: E: no route" in finished.stderr


def test_unpacked_libraries_and_programs_come_first(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "project")
    code = (
        "import json; from skillsmatrix.setup import place\n"
        "for folder in ('bin', 'lib'): (place.DEBIAN / 'usr' / folder).mkdir(parents=True)\n"
        "print(json.dumps(place.child_environment()))"
    )

    finished = subprocess.run(
        [sys.executable, "-c", code],
        cwd=machine.folder,
        env={"PATH": "/usr/bin", "LD_LIBRARY_PATH": "/opt/lib"},
        capture_output=True,
        text=True,
        check=True,
    )
    environment = json.loads(finished.stdout)

    assert environment["PATH"] == f"{machine.setup}/debian/usr/bin:/usr/bin"
    assert environment["LD_LIBRARY_PATH"] == f"{machine.setup}/debian/usr/lib:/opt/lib"
