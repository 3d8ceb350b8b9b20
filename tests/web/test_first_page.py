"""The first page offers each reader their own work, in words about what they may do."""

from collections.abc import Callable

from tests.web.conftest import CheckedClient

Browser = Callable[[str], CheckedClient]


def test_whoever_only_looks_is_not_told_of_what_others_do(browser_of: Browser) -> None:
    looks, acts = (browser_of(persona).get("/").text for persona in ("insp", "hr"))

    assert "Find a certificate, and see what it is worth today." in looks
    assert "Learning done elsewhere, and what was decided about it." in looks
    assert "Issue a certificate" in acts
    assert "hand in a certificate" in acts
    assert "hand in a certificate" not in looks


def test_a_manager_reads_of_recording_and_human_resources_of_who_is_due(browser_of: Browser) -> None:
    assert "recording a session" in browser_of("svc").get("/").text
    assert "recording a session" not in browser_of("hr").get("/").text
