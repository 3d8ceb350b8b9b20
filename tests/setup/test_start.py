"""The first start on a machine, the next ones, and those that go wrong; with a stand-in for uv."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from skillsmatrix.setup.packages import UV_VERSION, UV_WHEELS
from tests.setup.machine import Machine

# Nothing answers there; pip, which is asked when the index fails, is told to ask nobody.
NO_NETWORK = {"UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple", "PIP_NO_INDEX": "1"}


@pytest.fixture
def bare(tmp_path: Path) -> Machine:
    """Nothing is set up, uv included."""
    return Machine(tmp_path / "project")


@pytest.fixture
def machine(bare: Machine) -> Machine:
    """Nothing is set up, and uv is at hand."""
    bare.bring_uv()
    return bare


def test_the_first_start_sets_up_with_a_line_for_each_step_and_becomes_the_program(machine: Machine) -> None:
    status, out, err = machine.start("cover", "--on", "2026-11-22")

    assert status == 7
    assert out.splitlines()[0] == "program -P -m skillsmatrix cover --on 2026-11-22"
    assert err.splitlines()[0].startswith("skillsmatrix: setting up in ")
    assert err.splitlines()[-1] == "skillsmatrix: ready"
    assert machine.calls() == ["sync --frozen --inexact --no-default-groups"]


def test_the_program_finds_a_font_and_does_not_set_up_again(machine: Machine) -> None:
    _, out, _ = machine.start()

    assert out.splitlines()[1] == f"setup off, font settings {machine.setup}/fonts.conf"
    assert "font_source_sans_pro/files</dir>" in (machine.setup / "fonts.conf").read_text()


def test_the_next_start_says_nothing_and_changes_nothing(machine: Machine) -> None:
    machine.start()
    before = {path: path.lstat().st_mtime_ns for path in machine.setup.rglob("*")}

    status, out, err = machine.start("migrate")

    assert (status, out.splitlines()[0], err) == (7, "program -P -m skillsmatrix migrate", "")
    assert {path: path.lstat().st_mtime_ns for path in machine.setup.rglob("*")} == before


def test_another_lock_file_is_followed(machine: Machine) -> None:
    machine.start()
    (machine.folder / "uv.lock").write_text("version = 2\n")

    machine.start()

    assert len(machine.calls()) == 2


def test_a_folder_that_was_moved_is_set_up_again(machine: Machine) -> None:
    machine.start()
    moved = machine.folder.with_name("moved")
    machine.folder.rename(moved)
    machine.folder = moved
    (machine.setup / "venv/bin/names-the-old-folder").touch()

    _, _, err = machine.start()

    assert "made for another folder or Python" in err
    assert not (machine.setup / "venv/bin/names-the-old-folder").exists()
    assert len(machine.calls()) == 2


def test_a_start_that_was_killed_is_repaired_by_the_next(machine: Machine) -> None:
    killed = machine.begin(UV_SECONDS="0.5")
    while not (machine.setup / "venv/bin").exists():
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    (machine.setup / "venv" / "half").touch()

    status, _, err = machine.start()

    assert status == 7
    assert "which an earlier start left half done" in err
    assert not (machine.setup / "venv" / "half").exists()


def test_two_first_starts_at_once_set_up_once(machine: Machine) -> None:
    starts = [machine.begin(UV_SECONDS="0.5") for _ in range(3)]

    ended = [start.communicate(timeout=60) for start in starts]

    assert [start.returncode for start in starts] == [7, 7, 7]
    assert all(out.startswith("program") for out, _ in ended)
    assert len(machine.calls()) == 1


def test_tests_bring_their_own_packages_and_leave_the_program_ready(machine: Machine) -> None:
    _, out, _ = machine.start("test", "-q")

    assert out.splitlines()[0] == "program -P -m skillsmatrix.setup.checks -q"
    assert machine.start()[2] == ""
    assert machine.calls() == ["sync --frozen --inexact --all-groups --no-group benchmark"]


def test_another_package_index_is_used_with_the_same_hashes(machine: Machine) -> None:
    machine.start(UV_DEFAULT_INDEX="https://mirror.example.org/simple")

    assert [call.split()[0] for call in machine.calls()] == ["export", "pip"]
    assert "--require-hashes --default-index https://mirror.example.org/simple" in machine.calls()[-1]


def test_without_a_network_it_names_what_to_install(bare: Machine) -> None:
    status, out, err = bare.start(**NO_NETWORK)

    assert (status, out) == (1, "")
    assert "skillsmatrix could not set itself up: uv" in err
    assert "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" in err
    assert f"uv {UV_VERSION} of your own:\n     UV_PROJECT_ENVIRONMENT=.setup/venv uv sync --frozen" in err
    assert "Traceback" not in err


def test_a_folder_one_may_not_write_to_is_said_in_plain_words(bare: Machine) -> None:
    (bare.folder / ".setup").touch()

    status, _, err = bare.start()

    assert status == 1
    assert "could not set itself up: cannot write to" in err
    assert "Traceback" not in err


def test_an_old_python_is_told_so(bare: Machine) -> None:
    run = "runpy.run_module('skillsmatrix', run_name='__main__')"
    pretend = f"import runpy, sys; sys.version_info = (3, 9, 2); {run}"

    finished = subprocess.run(
        [sys.executable, "-c", pretend], cwd=bare.folder, capture_output=True, text=True, check=False
    )

    assert finished.returncode == 1
    assert finished.stderr.startswith("skillsmatrix needs Python 3.11 or later")


@pytest.fixture
def index(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A package index on this machine: (its address, its folder)."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    folder = tmp_path / "index"
    (folder / "uv").mkdir(parents=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", folder
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_wheel_that_is_not_the_one_we_know_is_refused(bare: Machine, index: tuple[str, Path]) -> None:
    address, folder = index
    links = []
    for name, _ in UV_WHEELS.values():
        (folder / name).write_bytes(b"something else")
        links.append(f'<a href="../{name}#sha256=0">{name}</a>')
    (folder / "uv" / "index.html").write_text("\n".join(links))

    status, _, err = bare.start(**{**NO_NETWORK, "UV_DEFAULT_INDEX": address})

    assert status == 1
    assert "has SHA-256 " in err
    assert not list((bare.setup / "tools").rglob("uv"))
