"""Text that would fetch, read or run something is shown as text, in bounded time."""

import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from skillsmatrix.documents.certificate import certificate_pdf
from skillsmatrix.documents.facts import LIMITS
from skillsmatrix.documents.passport import Section, passport_pdf
from skillsmatrix.documents.renderer import Renderer
from tests.documents.builders import certificate_facts, passport_facts

CANARY = "canary-7f3a9b"


class Listener:
    """A server that notes that somebody came."""

    def __init__(self) -> None:
        self.visits = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(0.1)
        self.port = self._socket.getsockname()[1]
        self._open = True
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        while self._open:
            try:
                visitor, _ = self._socket.accept()
            except TimeoutError:
                continue
            self.visits += 1
            visitor.close()

    def close(self) -> None:
        self._open = False
        self._thread.join()
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    there = Listener()
    yield there
    there.close()


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    path = tmp_path / "canary.txt"
    path.write_text(CANARY)
    return path


def attacks(port: int, canary: Path) -> list[str]:
    here, web = canary.as_uri(), f"http://127.0.0.1:{port}/x"
    return [
        f"<link rel=attachment href='{here}'>",
        f"<link rel=stylesheet href='{web}'>",
        f"<img src={web}><img src='{here}'>",
        f"<iframe src={web}></iframe><object data='{here}'></object><embed src='{web}'>",
        f"<svg><image href='{here}'/><use href='{web}'/></svg>",
        f"<style>@import '{web}'; @font-face{{font-family:x;src:url({web})}}</style>",
        f"<style>*{{background:url({here})}}</style>",
        f"</style><base href='{web}'><meta http-equiv=refresh content='0;url={web}'>",
        f'"><img src="{web}">',
        f"' style='background:url({web})' '",
        f"&lt;img src={web}&gt;",
        f"{{{{ open('{canary}').read() }}}} {{% include '{canary}' %}} ${{7*7}} {{{{ config }}}}",
        f"<?xml-stylesheet href='{web}'?><!DOCTYPE x [<!ENTITY e SYSTEM '{here}'>]>&e;",
        f"<script>fetch('{web}')</script>",
        f"<a rel=attachment href='{here}'>x</a>",
    ]


def everything_in(pdf: bytes, folder: Path) -> str:
    """The page's text, each stream and each attachment."""
    (folder / "out.pdf").write_bytes(pdf)
    shown = subprocess.run(["pdftotext", "out.pdf", "-"], cwd=folder, capture_output=True, check=True).stdout
    with pikepdf.open(BytesIO(pdf)) as document:
        streams = [thing.read_bytes() for thing in document.objects if isinstance(thing, pikepdf.Stream)]
    return b"\n".join([shown, *streams]).decode("utf-8", "replace")


def test_no_field_of_a_certificate_fetches_or_reads(
    renderer: Renderer, listener: Listener, canary: Path, tmp_path: Path
) -> None:
    for attack in attacks(listener.port, canary):
        facts = certificate_facts(**dict.fromkeys(LIMITS, attack))

        assert CANARY not in everything_in(certificate_pdf(facts, renderer=renderer), tmp_path)

    assert listener.visits == 0


def test_no_cell_of_a_passport_fetches_or_reads(
    renderer: Renderer, listener: Listener, canary: Path, tmp_path: Path
) -> None:
    rows = tuple((attack, attack) for attack in attacks(listener.port, canary))
    facts = passport_facts(
        holder=rows[0][0], issuer=rows[2][0], sections=(Section("x", rows[5][0], (rows[6][0], "b"), rows),)
    )

    assert CANARY not in everything_in(passport_pdf(facts, renderer=renderer), tmp_path)
    assert listener.visits == 0


def test_braces_and_markup_are_shown_as_they_were_typed(renderer: Renderer, tmp_path: Path) -> None:
    facts = certificate_facts(holder="<b>{{7*7}}</b>", competency_title="${7*7} {% raw %}")

    text = everything_in(certificate_pdf(facts, renderer=renderer), tmp_path)

    assert "<b>{{7*7}}</b>" in text
    assert "${7*7} {% raw %}" in text
    assert "49" not in text.split("holds the competency")[0]


def test_an_asset_is_all_a_document_can_ask_for(renderer: Renderer, canary: Path) -> None:
    fetcher = renderer._fetcher({"asset:qr": ("image/svg+xml", b"<svg/>")})

    assert fetcher("asset:qr").read() == b"<svg/>"
    for url in (
        canary.as_uri(),
        "http://127.0.0.1/",
        "https://x.example/",
        "data:text/plain,x",
        "asset:logo",
        "ftp://x/",
    ):
        with pytest.raises(ValueError, match="not an asset"):
            fetcher(url)


@pytest.mark.parametrize("letter", ["W", "W ", "ي", "\u202e", "<b>", "a\u0301", "■", "&amp;"])
def test_fifty_thousand_characters_in_every_field_take_little_time(letter: str, renderer: Renderer) -> None:
    facts = certificate_facts(**dict.fromkeys(LIMITS, (letter * 50000)[:50000]))

    started = time.process_time()
    certificate_pdf(facts, renderer=renderer)

    assert time.process_time() - started < 5
