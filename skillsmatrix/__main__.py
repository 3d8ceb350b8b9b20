"""`python3 -m skillsmatrix`: sets up what is missing, then starts the real program in its own environment.

It runs twice. First under whatever Python 3 there is, with the standard library only: that leads to the same
command in the project's environment. There, or wherever the setup is switched off, it runs the command. As
the outermost module it may know `config`, like `wsgi.py`; nothing imports it.
"""

import os
import sys

OLDEST = (3, 11)


def main() -> int:
    """The command's exit status; 1 when the program cannot be set up."""
    if sys.version_info < OLDEST:
        sys.stderr.write(
            f"skillsmatrix needs Python 3.11 or later, and this is {sys.version.split()[0]}. "
            "Debian 12 has it: apt-get install python3\n"
        )
        return 1
    if os.environ.get("SKILLSMATRIX_SETUP", "").lower() != "off":
        from skillsmatrix.setup.start import start

        return start(sys.argv[1:])

    from config import settings_from_environment
    from skillsmatrix import cli

    return cli.main(sys.argv[1:], lambda: settings_from_environment(os.environ))


if __name__ == "__main__":
    sys.exit(main())
