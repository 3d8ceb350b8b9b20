"""A file from anybody is judged in a child that can do nothing else, and every file gets an answer."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from skillsmatrix.documents.children import ConfinedPool, Limits
from skillsmatrix.documents.keys import KeyRing
from skillsmatrix.documents.reading import LIMITS, EverybodyBusy, FileReader
from skillsmatrix.documents.verifying import MOST_BYTES, Genuineness, Verification, verify_pdf
from tests.documents import misbehaving
from tests.documents.builders import AT
from tests.documents.misbehaving import Task

LATER = AT + timedelta(days=300)


@pytest.fixture(scope="module")
def files() -> Iterator[FileReader]:
    reader = FileReader(children=1)
    yield reader
    reader.close()


def judge(files: FileReader, data: bytes, ring: KeyRing) -> Verification:
    return files.judge(data, trusted=ring.certificates, stampers=(), at=LATER)


def test_the_child_says_what_is_said_here(
    files: FileReader, signed_certificate: bytes, ring: KeyRing
) -> None:
    middle = len(signed_certificate) // 2
    changed = signed_certificate[:middle] + b"x" + signed_certificate[middle + 1 :]
    for data in (signed_certificate, changed, signed_certificate + b"\n", b"", b"hello", b"%PDF-1.7\n"):
        expected = verify_pdf(data, trusted_certificates=ring.certificates, at=LATER)

        assert judge(files, data, ring) == expected

    assert judge(files, signed_certificate, ring).is_genuine


def test_too_large_a_file_is_not_handed_on(ring: KeyRing) -> None:
    nobody = FileReader(children=0)

    found = judge(nobody, b"%PDF-1.7\n" + b"\0" * MOST_BYTES, ring)

    assert found.genuineness is Genuineness.TOO_LARGE


def test_when_every_child_is_busy_it_says_so(ring: KeyRing) -> None:
    nobody = FileReader(children=0)

    with pytest.raises(EverybodyBusy):
        nobody.judge(b"%PDF-1.7\n", trusted=ring.certificates, stampers=(), at=AT, patience=0.01)


def test_a_file_that_ends_its_reader_is_none_of_ours_and_the_next_gets_another_reader(
    ring: KeyRing, signed_certificate: bytes
) -> None:
    files = FileReader(children=1, begin=misbehaving.begin_crashing_on_hostile_files)

    first = judge(files, b"%PDF-1.7 hostile", ring)
    second = judge(files, signed_certificate, ring)
    files.close()

    assert first.genuineness is Genuineness.NOT_A_PDF
    assert "the process ended unexpectedly" in first.reason
    assert second.is_genuine


def test_the_child_opens_no_file_and_no_connection() -> None:
    limits = Limits(10.0, 5, LIMITS.memory_bytes, 50)
    tasks = [Task("read", "read", "/etc/passwd"), Task("connect", "connect", "9"), Task("run", "run")]

    with ConfinedPool(misbehaving.begin, (), readable=(), workers=1, limits=limits) as pool:
        found = {answer.key: answer.failure for answer in pool.answers(tasks)}

    assert found.keys() == {"read", "connect", "run"}
    assert all(failure.startswith("PermissionError") for failure in found.values())


def test_two_threads_get_an_answer_each(files: FileReader, signed_certificate: bytes, ring: KeyRing) -> None:
    found: list[bool] = []

    def ask() -> None:
        found.append(judge(files, signed_certificate, ring).is_genuine)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [True] * 4
