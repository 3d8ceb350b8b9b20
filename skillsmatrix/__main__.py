"""`python3 -m skillsmatrix`: sets up what is missing, then starts the real program in its own environment.

Standard library only, and readable by any Python 3, so that an old one can be told that it is too old.
"""

import os
import sys

OLDEST = (3, 11)


def main():  # type: () -> int
    """Start the program or the tests; exit status 1 when they cannot be set up."""
    if sys.version_info < OLDEST:
        sys.stderr.write(
            f"skillsmatrix needs Python 3.11 or later, and this is {sys.version.split()[0]}. "
            "Debian 12 has it: apt-get install python3\n"
        )
        return 1
    from skillsmatrix.setup.start import start

    return start(sys.argv[1:], os.environ)


if __name__ == "__main__":
    sys.exit(main())
