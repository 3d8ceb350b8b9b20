"""The digest in words: plain sentences, each with the address where it is done."""

from datetime import date

import pytest

from skillsmatrix.documents.digest_mail import (
    DOES,
    address,
    digest_body,
    digest_subject,
    sentence,
)
from skillsmatrix.domain.digest import OVER, Bearing, Line, Part, Section, Topic, parts

TODAY = date(2026, 11, 16)
NEXT_WEEK = date(2026, 11, 20)
LAST_WEEK = date(2026, 11, 9)


def of(topic: Topic, **values: object) -> Line:
    return Line(topic=topic, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            of(Topic.UNSAFE, place="The House", title="Medicines", held=1, needed=2, bearing=Bearing(1, 1)),
            "The House is not safe to run this: Medicines. 1 of 2 needed hold it.",
        ),
        (
            of(Topic.SHORT_SOON, place="The House", title="Medicines", held=1, needed=2, on=NEXT_WEEK),
            "The House will be short from 20 November 2026: Medicines, 1 of 2 needed.",
        ),
        (
            of(Topic.NOT_HELD, title="Medicines", detail="Be signed off at level 3.", hard_stop=True),
            "Put right: Medicines. It is a hard stop: do not do it until then. Be signed off at level 3.",
        ),
        (
            of(Topic.NOT_HELD, title="Fire", detail="Complete the learning.", told=2),
            ("Put right: Fire. Complete the learning."
            " It was so on the last 2 Mondays: your manager is told too."),
        ),
        (
            of(Topic.NOT_HELD, title="Fire", detail="Complete the learning.", told=4, bearing=Bearing(2, 2)),
            ("Put right: Fire. Complete the learning. It was so on the last 4 Mondays:"
            " your manager and the head of practice are told too. A hard stop is short of 2 people here."),
        ),
        (
            of(Topic.RUNNING_OUT, title="Fire", detail="Renew it by 20 November 2026.", on=NEXT_WEEK),
            "Fire runs out. Renew it by 20 November 2026.",
        ),
        (
            of(Topic.RUNNING_OUT, title="Fire", detail="Renew it.", on=NEXT_WEEK, bearing=Bearing(1, 1)),
            "Fire runs out. Renew it. It would leave a hard stop short of 1 person.",
        ),
        (
            of(Topic.TOLD, name="Ade", title="Medicines", told=3),
            ("Ade: Medicines is a hard stop and not in order. It was so on the last 3 Mondays too,"
            " so it comes to you."),
        ),
        (
            of(Topic.SUPERVISION, name="Bo", title="clinical", detail="overdue", on=LAST_WEEK),
            "Bo: clinical supervision was due on 9 November 2026.",
        ),
        (
            of(
                Topic.SUPERVISION, name="Bo", title="line_management", detail="due_soon", on=NEXT_WEEK,
                place="Medicines", bearing=Bearing(1, 1),
            ),
            ("Bo: line management supervision is due by 20 November 2026. Without a session this will have to"
            " stop: Medicines. It would leave a hard stop short of 1 person."),
        ),
        (
            of(
                Topic.OWN_SUPERVISION, title="clinical", detail="lapsed", on=LAST_WEEK, place="Medicines",
                bearing=Bearing(1, 1),
            ),
            ("Your clinical supervision lapsed on 9 November 2026. Until a session is held, this must not be"
            " used: Medicines. A hard stop is short of 1 person here."),
        ),
        (
            of(Topic.REGISTRATION, name="Cy", title="NMC", on=LAST_WEEK, detail=OVER),
            "Cy: the NMC registration ran out on 9 November 2026. Record the new one.",
        ),
        (
            of(Topic.NO_SUPERVISOR, name="Cy", title="clinical", on=NEXT_WEEK),
            "Cy has nobody for clinical supervision from 20 November 2026.",
        ),
        (of(Topic.TO_ASSESS, name="Ade", title="Fire"), "See Ade at work: Fire."),
        (
            of(Topic.ACTION, on=LAST_WEEK, detail=OVER),
            "What you agreed in supervision was due on 9 November 2026.",
        ),
        (
            of(Topic.COURSE, title="First aid", on=NEXT_WEEK, place="Room 2"),
            "You have a seat on First aid on 20 November 2026, Room 2.",
        ),
    ],
)  # fmt: skip
def test_a_line_says_what_to_do_and_what_hangs_on_it(line: Line, said: str) -> None:
    assert sentence(line, on=TODAY) == said


def test_every_topic_has_words_an_address_and_a_name_for_its_link() -> None:
    for topic in Topic:
        line = of(topic, staff="S 1", competency="A/B", service="H", number=7, name="N", title="T", on=TODAY)
        rung = of(topic, detail="due", title="T", on=TODAY) if "supervision" in topic.value else line
        assert sentence(rung, on=TODAY).endswith(".")
        assert address(line).startswith("/")
        assert DOES[topic]


def test_codes_cannot_break_out_of_an_address() -> None:
    line = of(Topic.TOLD, staff="a b?x=1#", competency="c%2F/d")

    assert address(line) == "/people/a%20b%3Fx%3D1%23/competencies/c%252F/d"


def test_a_gap_leads_to_who_could_close_it_on_the_day_of_which_the_line_speaks() -> None:
    today = of(Topic.UNSAFE, service="H", competency="A/B", on=None)
    to_come = of(Topic.SHORT_SOON, service="H", competency="A/B", on=NEXT_WEEK)

    assert address(today) == "/services/H/needs/A/B"
    assert address(to_come) == "/services/H/needs/A/B?on=2026-11-20"


def test_the_subject_counts_and_names_nobody() -> None:
    assert digest_subject(1) == "Your week: 1 thing to do"
    assert digest_subject(26) == "Your week: 26 things to do"


def test_the_mail_is_plain_text_with_an_address_for_every_line_and_the_way_out_at_its_end() -> None:
    lines = [
        of(
            Topic.SHORT_SOON, place="The House", title="Fire", service="H", competency="FIRE",
            held=1, needed=2, on=NEXT_WEEK,
        ),
        of(Topic.NOT_HELD, title="Medicines", competency="MED", detail="Complete the learning."),
    ]  # fmt: skip

    text = digest_body(parts(lines), on=TODAY, public_url="https://skills.example.org")

    assert text == (
        "What there is to do this week, as it stands on 16 November 2026.\n\n"
        "WHAT YOUR SERVICES LACK\n\n"
        "The House will be short from 20 November 2026: Fire, 1 of 2 needed.\n"
        "https://skills.example.org/services/H/needs/FIRE?on=2026-11-20\n\n"
        "For days to come it is assumed that supervision goes on as it does now.\n\n"
        "FOR YOURSELF\n\n"
        "Put right: Medicines. Complete the learning.\n"
        "https://skills.example.org/me/competencies/MED\n\n"
        "Once a week, and only when there is something to do. Your list on any day,\n"
        "and whether you get this mail:\n"
        "https://skills.example.org/digest\n"
    )


def test_what_is_left_out_is_counted() -> None:
    part = Part(Section.YOU, (of(Topic.COURSE, title="First aid", on=NEXT_WEEK),), 3)

    assert "And 3 more:\nhttps://x.example/digest\n" in digest_body(
        [part], on=TODAY, public_url="https://x.example"
    )
