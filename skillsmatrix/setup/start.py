"""From the command line to a running program: set up once, then replace this process by the real one."""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

from skillsmatrix.setup import place
from skillsmatrix.setup.place import CannotSetUp, say

# `screenshot` drives a browser and `test` everything else, so both need what the tests need.
NEEDS_TEST_TOOLS = {"test", "screenshot"}
MODULES = {"test": "skillsmatrix.setup.checks", "screenshot": "skillsmatrix.screenshot"}


def start(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run the command in the project's environment; returns only when that cannot be had."""
    first = arguments[0] if arguments else ""
    if environ.get("SKILLSMATRIX_SETUP", "").lower() == "off":
        interpreter = sys.executable
    else:
        interpreter = str(place.PYTHON)
        try:
            ensure("test" if first in NEEDS_TEST_TOOLS else "run")
        except CannotSetUp as error:
            from skillsmatrix.setup.by_hand import instructions

            print(instructions(str(error), first in NEEDS_TEST_TOOLS), file=sys.stderr)
            return 1
    module, rest = (MODULES[first], arguments[1:]) if first in MODULES else ("skillsmatrix.cli", arguments)
    return become([interpreter, "-m", module, *rest])


def become(command: list[str]) -> NoReturn:
    """Go on as this program: its exit status, signals and output are those of the command."""
    os.execve(command[0], command, place.child_environment())


def ensure(purpose: str) -> None:
    """Everything `purpose` needs is there afterwards; says nothing and does nothing when it is already."""
    if place.is_ready(purpose):
        return
    with place.alone():
        if place.is_ready(purpose):
            return
        from skillsmatrix.setup import debian, packages

        say(f"setting up in {place.SETUP}, once; later starts are immediate")
        try:
            debian.set_up_certificates()
            debian.set_up(purpose)
            packages.set_up(purpose)
            packages.write_font_settings()
            for covered in place.PURPOSES[: place.PURPOSES.index(purpose) + 1]:
                place.mark_ready(covered)
        except OSError as error:
            raise CannotSetUp(f"{error.filename or 'the setup folder'}: {error.strerror or error}") from error
        say("ready")
