"""What to tell somebody whose machine we could not set up: which packages, and how to get them."""

import sys

from skillsmatrix.setup import debian
from skillsmatrix.setup.packages import UV_VERSION
from skillsmatrix.setup.place import PROJECT

# The same three libraries (and the tests' three programs) under the names of other systems.
ELSEWHERE = {
    "Fedora": ("dnf install", "pango harfbuzz", "postgresql-server chromium poppler-utils"),
    "Arch": ("pacman -S", "pango harfbuzz", "postgresql chromium poppler"),
    "openSUSE": (
        "zypper install",
        "libpango-1_0-0 libharfbuzz-subset0",
        "postgresql-server chromium poppler-tools",
    ),
    "macOS": ("brew install", "pango harfbuzz", "postgresql@15 chromium poppler"),
}


def instructions(fault: str, purpose: str) -> str:
    """The fault, then each missing thing with the command that brings it."""
    for_tests = purpose == "test"
    wanted = list(debian.LIBRARIES.values())
    if for_tests:
        wanted += [*debian.TEST_LIBRARIES.values(), *debian.TEST_PROGRAMS.values()]
    groups = "--all-groups --no-group benchmark" if for_tests else "--no-default-groups"
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    module = "skillsmatrix.setup.checks" if for_tests else "skillsmatrix"
    lines = [
        f"skillsmatrix could not set itself up: {fault}",
        "",
        "With a network, simply start it again. Otherwise install these by hand, then start it again:",
        "",
        "1. System packages.",
        f"   Debian, Ubuntu, as root:  apt-get update && apt-get install {' '.join(wanted)}",
        *(
            f"   {system + ':':<25} {command} {libraries}{' ' + programs if for_tests else ''}"
            for system, (command, libraries, programs) in ELSEWHERE.items()
        ),
        f"2. Python packages, the versions in {PROJECT / 'uv.lock'}.",
        f"   On a machine with a network and the same system, processor and Python {version}, copy this",
        f"   folder to the same path ({PROJECT}), run",
        f"     python3 -m skillsmatrix {'test --version' if for_tests else '--help'}",
        f"   and copy its folder .setup back. Or with uv {UV_VERSION} of your own:",
        f"     UV_PROJECT_ENVIRONMENT=.setup/venv uv sync --frozen {groups}",
        f"     SKILLSMATRIX_SETUP=off .setup/venv/bin/python -m {module}",
    ]
    return "\n".join(lines)
