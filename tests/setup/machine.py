"""A copy of the project on which nothing is set up, and a stand-in for uv."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from skillsmatrix.setup.packages import UV_VERSION

PROJECT = Path(__file__).resolve().parents[2]

# Makes an environment whose "Python" says what it was asked to run, and keeps count of its own calls.
UV = """#!/bin/sh
echo "$*" >> "$(dirname "$UV_PROJECT_ENVIRONMENT")/calls"
mkdir -p "$UV_PROJECT_ENVIRONMENT/bin"
sleep "${UV_SECONDS:-0}"
mkdir -p "$UV_PROJECT_ENVIRONMENT/lib/python3/site-packages/font_source_sans_pro/files"
cat > "$UV_PROJECT_ENVIRONMENT/bin/python" <<'END'
#!/bin/sh
echo "program $*"
echo "setup $SKILLSMATRIX_SETUP, font settings $FONTCONFIG_FILE"
exit 7
END
chmod +x "$UV_PROJECT_ENVIRONMENT/bin/python"
"""


class Machine:
    """A copy of the project without its environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "skillsmatrix").mkdir(parents=True)
        for name in ("__init__.py", "__main__.py"):
            shutil.copy(PROJECT / "skillsmatrix" / name, folder / "skillsmatrix")
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT / "skillsmatrix/setup", folder / "skillsmatrix/setup", ignore=ignored)
        (folder / "uv.lock").write_text("version = 1\n")

    @property
    def setup(self) -> Path:
        """Where it sets up."""
        return self.folder / ".setup"

    def bring_uv(self) -> None:
        """Put the stand-in where uv would be unpacked."""
        uv = self.setup / "tools" / f"uv-{UV_VERSION}" / "uv"
        uv.parent.mkdir(parents=True)
        uv.write_text(UV)
        uv.chmod(0o755)

    def calls(self) -> list[str]:
        """What uv was asked to do so far."""
        return (self.setup / "calls").read_text().splitlines()

    def begin(self, *arguments: str, **environ: str) -> "subprocess.Popen[str]":
        """Start the command without waiting."""
        plain = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "no_proxy": "127.0.0.1",
            # Where Debian's libraries are unpacked rather than installed, they are not missing here.
            "LD_LIBRARY_PATH": os.environ.get("LD_LIBRARY_PATH", ""),
        }
        return subprocess.Popen(
            [sys.executable, "-m", "skillsmatrix", *arguments],
            cwd=self.folder,
            env={**plain, **environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def start(self, *arguments: str, **environ: str) -> tuple[int, str, str]:
        """(exit status, standard output, standard error) of the command."""
        process = self.begin(*arguments, **environ)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err
