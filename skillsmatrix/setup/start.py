"""From the command line to a running program: set up once, then replace this process by the real one."""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from skillsmatrix.setup import place
from skillsmatrix.setup.place import CannotSetUp, say

# Commands that are no part of the program and need what its tests need: module that runs each.
FOR_DEVELOPERS = {"test": "skillsmatrix.setup.checks", "screenshot": "tests.screenshot"}


def start(arguments: Sequence[str]) -> int:
    """Run the command in the project's environment; returns only when that cannot be had."""
    name = arguments[0] if arguments else ""
    purpose = "test" if name in FOR_DEVELOPERS else "run"
    try:
        ensure(purpose)
    except CannotSetUp as error:
        from skillsmatrix.setup.by_hand import instructions

        print(instructions(str(error), purpose), file=sys.stderr)
        return 1
    if name in FOR_DEVELOPERS:
        return become(["-m", FOR_DEVELOPERS[name], *arguments[1:]])
    return become(["-m", "skillsmatrix", *arguments])


def become(words: Sequence[str]) -> NoReturn:
    """Go on as this Python program: its exit status, signals and output are those of the command.

    -P keeps the folder it is called from out of the search for modules.
    """
    environment = {**place.child_environment(), "SKILLSMATRIX_SETUP": "off"}
    os.execve(place.PYTHON, [str(place.PYTHON), "-P", *words], environment)


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
            where = error.filename or "the setup folder"
            raise CannotSetUp(f"{where}: {error.strerror or error}") from error
        say("ready")
