"""A scenario speaks of those in sight only, and is read by those who may see all that it names."""

import re
from collections.abc import Callable

import pytest

from tests.web.conftest import CheckedClient
from tests.web.what_if.bench import TYPED, add_change, new_scenario, press, version_on, with_leaver

Browser = Callable[[str], CheckedClient]
CLOSES = {"closes_on": TYPED}


def shared(browser: CheckedClient, staff: str = "ada") -> str:
    path = with_leaver(browser, staff, f"Without {staff}")
    press(browser, path, "share")
    return path


def test_it_is_its_makers_alone_until_it_is_shared(browser_of: Browser) -> None:
    path = with_leaver(browser_of("hcp"))

    assert browser_of("hr").get(path).status_code == 404
    assert "Without Ada" not in browser_of("hr").get("/what-if").text
    press(browser_of("hcp"), path, "share")
    assert "Account hcp" in browser_of("hr").get("/what-if").text
    press(browser_of("hcp"), path, "share")
    assert browser_of("hr").get(path).status_code == 404


def test_the_manager_of_the_service_reads_it_and_learns_of_that_service_alone(browser_of: Browser) -> None:
    path = shared(browser_of("hcp"))

    page = browser_of("svc").get(path).text

    assert "Ada Qanaryada leaves" in page
    assert "Made by Account hcp" in page
    assert "Alder" in page
    assert "Birch" not in page
    assert "Compliance</th>" in page
    assert "People with all they need" not in page  # one figure of everybody is for those who see everybody


def test_whoever_may_not_see_somebody_in_it_finds_no_scenario(browser_of: Browser) -> None:
    path = shared(browser_of("hcp"))
    browser = browser_of("svc_birch")

    assert browser.get(path).status_code == 404
    assert browser.get(f"{path}/lines.csv").status_code == 404
    assert browser.get(f"/what-if/compare?scenario={path.rsplit('/', 1)[1]}&scenario=99").status_code == 404
    assert browser.send(f"{path}/copy", once="a").status_code == 404
    assert "Without ada" not in browser.get("/what-if").text


def test_a_service_outside_the_readers_reach_hides_the_whole_scenario(browser_of: Browser) -> None:
    head = browser_of("hcp")
    path = new_scenario(head)
    add_change(head, path, "service_closes", "birch", **CLOSES)
    press(head, path, "share")

    assert browser_of("svc").get(path).status_code == 404
    assert browser_of("svc_birch").get(path).status_code == 200


def test_a_rule_for_every_service_is_for_those_who_see_every_service(browser_of: Browser) -> None:
    head, manager = browser_of("hcp"), browser_of("svc")
    path = new_scenario(head)
    add_change(head, path, "requirement_ended", "R-FIRE", in_force_to=TYPED)
    press(head, path, "share")
    own = new_scenario(manager)

    assert browser_of("hr").get(path).status_code == 200
    assert manager.get(path).status_code == 404
    assert "Fire safety" not in manager.get(f"{own}/changes/new?kind=requirement_ended").text


@pytest.mark.parametrize(
    ("kind", "about", "fields"),
    [
        ("person_leaves", "cyn", {"last_day": TYPED}),
        ("service_closes", "birch", CLOSES),
        ("requirement_ended", "R-MED", {"in_force_to": TYPED}),
    ],
)
def test_a_manager_is_not_offered_what_is_out_of_sight(
    browser_of: Browser, kind: str, about: str, fields: dict[str, str]
) -> None:
    browser = browser_of("svc")
    path = new_scenario(browser)
    version = version_on(browser.get(f"{path}/name").text)

    answer = browser.send(
        f"{path}/changes/new?kind={kind}&about={about}", version=version, once="a", **fields
    )

    assert answer.status_code == 200
    assert "Qanarycyn" not in answer.text
    assert "There is no change in it yet" in browser.get(path).text


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("competency_gained", {"staff": "cyn", "competency": "fire", "level": "1", "held_from": TYPED}),
        ("competency_gained", {"staff": "nobody", "competency": "fire", "level": "1", "held_from": TYPED}),
        ("service_added", {"name": "Elm", "opens_on": TYPED, "like": ""}),
    ],
)
def test_what_is_sent_all_the_same_is_refused_without_saying_whether_it_exists(
    browser_of: Browser, kind: str, fields: dict[str, str]
) -> None:
    browser = browser_of("svc")
    path = new_scenario(browser)

    answer = add_change(browser, path, kind, **fields)

    assert "outside the services you may see" in answer.text
    assert "Qanarycyn" not in answer.text
    assert "There is no change in it yet" in browser.get(path).text


def test_readers_copy_it_and_change_nothing_of_it(browser_of: Browser) -> None:
    path = shared(browser_of("hcp"))
    reader = browser_of("svc")
    page = reader.get(path).text
    version = version_on(browser_of("hcp").get(path).text)

    assert "Archive" not in page
    assert reader.send(f"{path}/archive", version=version).status_code == 403
    assert reader.send(f"{path}/changes/0/remove", version=version).status_code == 403
    assert reader.get(f"{path}/versions").status_code == 403
    copy = reader.send(f"{path}/copy", once="a").headers["Location"]
    assert "Only you can read it" in reader.get(copy).text


def test_an_archived_scenario_is_its_makers_alone(browser_of: Browser) -> None:
    path = shared(browser_of("hcp"))
    press(browser_of("hcp"), path, "archive")

    assert browser_of("svc").get(path).status_code == 404


@pytest.mark.parametrize("outsider", ["insp", "aud", "host", "sup", "staff", "dpo", "adm"])
def test_nobody_but_those_who_plan_finds_reads_or_makes_a_scenario(
    browser_of: Browser, outsider: str
) -> None:
    path = shared(browser_of("hcp"))
    browser = browser_of(outsider)

    for address in ("/what-if", path, f"{path}/lines.csv", "/what-if/compare", "/what-if/new"):
        assert browser.get(address).status_code == 403
    assert browser.send("/what-if/new", name="Mine", once="a").status_code == 403
    assert browser.send(f"{path}/copy", once="b").status_code == 403
    assert "what-if" not in browser.get("/").text


def test_the_page_says_who_will_read_it_before_it_is_shared(browser_of: Browser) -> None:
    browser = browser_of("hcp")
    path = with_leaver(browser)

    before = browser.get(path).text
    press(browser, path, "share")
    after = browser.get(path).text

    assert "Only you can read it. Once you share it, heads of practice, HR and service managers" in before
    assert "It is shared. Heads of practice, HR and service managers can read it" in after
    assert "Inspectors, auditors and host partners never see a scenario." in before


def test_hr_reads_and_makes_none(browser_of: Browser) -> None:
    path = shared(browser_of("hcp"))
    browser = browser_of("hr")

    assert "New scenario" not in browser.get("/what-if").text
    assert browser.get(path).status_code == 200
    assert browser.send("/what-if/new", name="Mine", once="a").status_code == 403


def test_who_nearly_holds_it_are_those_in_sight_who_lack_one_step(browser_of: Browser) -> None:
    head, manager = browser_of("hcp"), browser_of("svc")
    path = shared(head, "sid")

    page = manager.get(f"{path}/nearly/alder/R-MED").text

    # ben has learned medicines and is not signed off; nobody of another service is there
    assert "Ben Qanaryben" in page
    assert "Sid Qanarysid" not in page
    assert "Qanarycyn" not in page
    assert manager.get(f"{path}/nearly/birch/R-MED").status_code == 404
    assert manager.get(f"{path}/nearly/alder/R-NOTHING").status_code == 404


def test_whoever_could_close_a_gap_is_added_in_one_step(browser_of: Browser) -> None:
    browser = browser_of("svc")
    path = with_leaver(browser)
    page = browser.get(f"{path}/nearly/alder/R-MED").text
    offered = page.split("Try it")[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")

    form = browser.get(offered).text
    browser.send(
        offered, staff="ben", competency="med", level="1", held_from=TYPED, version=version_on(form), once="a"
    )

    assert re.search(r'value="ben"[^>]*checked', form)
    assert "Ben Qanaryben gains Medicines" in browser.get(path).text
