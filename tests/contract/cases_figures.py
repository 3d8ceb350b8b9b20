"""Cover and compliance: contract sections 6 and 7; domain.md 5.3 and V, P."""

from tests.contract.house import (
    Case,
    Placed,
    ask,
    away,
    employed,
    exempted,
    house,
    learnt,
    need,
    post,
    registered,
    service,
    signed,
    skill,
    stopped,
    worker,
)
from tests.oracle.form import Row, Tables

YEARLY = skill(learning_months=12)
SIGNED = skill(evidence="sign-off")


def team(size: int) -> list[Placed]:
    return [part for n in range(size) for part in worker(f"p{n:02}")]


def twelve_people() -> Tables:
    """Who counts: the twelve of domain.md 5.3, example 1."""
    permanent = [part for n in range(8) for part in worker(f"p{n}")]
    return house(
        YEARLY,
        need(induction_days=28),
        permanent,
        [learnt(f"p{n}", "2025-03-01") for n in range(6)],
        learnt("p6", "2024-03-01"),
        exempted("p7", "2025-06-01", "2025-12-31"),
        worker("starter", since="2025-09-12"),
        [*worker("mother"), away("mother", "2025-05-01", kind="maternity"), learnt("mother", "2024-03-01")],
        [*worker("bank", basis="bank"), learnt("bank", "2025-03-01")],
        [*worker("agency", basis="agency"), learnt("agency", "2025-03-01")],
        ann=False,
    )


def ten_by_twenty() -> Tables:
    """Averages hide risk: domain.md 5.3, example 2."""
    codes = [f"c{n:02}" for n in range(20)]
    return house(
        [skill(code) for code in codes],
        [
            need(f"n-{code}", competency=code, strength="hard_stop" if code == "c19" else "target")
            for code in codes
        ],
        team(10),
        [learnt(f"p{n:02}", "2025-01-01", competency=code) for n in range(10) for code in codes[:19]],
        ann=False,
    )


def two_thousand_less_101() -> Tables:
    """A hundred people, twenty competencies each, 101 of them missing: 1,899 of 2,000."""
    codes = [f"c{n:02}" for n in range(20)]
    pairs = [(f"p{n:02}", code) for n in range(100) for code in codes]
    return house(
        [skill(code) for code in codes],
        [need(f"n-{code}", competency=code) for code in codes],
        team(100),
        [learnt(staff, "2025-01-01", competency=code) for staff, code in pairs[101:]],
        ann=False,
    )


def line(**values: str) -> Row:
    return {"service": "house", "requirement": "need", **values}


FIGURES: list[Case] = [
    ask(
        "5.3-1 who counts",
        twelve_people(),
        "compliance",
        "2025-10-01",
        [
            {
                "key": "skill",
                "headline_compliant": "6",
                "headline_total": "7",
                "headline_percent": "85.7",
                "all_in_compliant": "7",
                "all_in_total": "9",
                "all_in_percent": "77.7",
                "people_compliant": "6",
                "people_total": "7",
            }
        ],
        by="competency",
    ),
    ask(
        "5.3-1 eight people to do it",
        twelve_people(),
        "cover",
        "2025-10-01",
        [line(in_scope="11", required="10", held="8", shortfall="2", met="no")],
    ),
    ask(
        "5.3-2 averages hide risk",
        ten_by_twenty(),
        "compliance",
        "2025-06-01",
        [
            {
                "key": "all",
                "headline_compliant": "190",
                "headline_total": "200",
                "headline_percent": "95.0",
                "people_compliant": "0",
                "people_total": "10",
            }
        ],
    ),
    ask(
        "5.3-3 rounded down",
        two_thousand_less_101(),
        "compliance",
        "2025-06-01",
        [{"headline_compliant": "1899", "headline_total": "2000", "headline_percent": "94.9"}],
    ),
    ask(
        "5.3-5 required of nobody",
        house(YEARLY, skill("unasked"), need()),
        "compliance",
        "2025-06-01",
        [
            {"key": "skill", "headline_percent": "0.0", "all_in_percent": "0.0", "people_total": "1"},
            {
                "key": "unasked",
                "headline_compliant": "0",
                "headline_total": "0",
                "headline_percent": "not required",
                "all_in_percent": "not required",
                "people_total": "0",
            },
        ],
        by="competency",
    ),
    ask(
        "M1 all of it",
        house(SIGNED, need(), signed("ann", "2025-01-01")),
        "compliance",
        "2025-06-01",
        [{"key": "house", "headline_percent": "100.0", "all_in_percent": "100.0"}],
        by="service",
    ),
    ask(
        "P10 acting up for six weeks leaves the headline alone until the window ends",
        house(
            YEARLY,
            [service("hub"), need(service="hub", induction_days=28)],
            post("ann", at="hub", basis="acting_up", since="2025-03-01", to="2025-04-11"),
        ),
        "compliance",
        "2025-03-29",
        [{"headline_total": "0", "headline_percent": "not required", "all_in_total": "1"}],
    ),
    ask(
        "P10 and counts from the day after",
        house(
            YEARLY,
            [service("hub"), need(service="hub", induction_days=28)],
            post("ann", at="hub", basis="acting_up", since="2025-03-01", to="2025-04-11"),
        ),
        "compliance",
        "2025-03-30",
        [{"headline_total": "1", "headline_percent": "0.0", "all_in_total": "1"}],
    ),
    ask(
        "P2 two posts, each service its own, the level of its own",
        house(
            SIGNED,
            service("other"),
            [need("n1"), need("n2", service="other", level=2)],
            post("ann", at="other", basis="bank"),
            signed("ann", "2025-01-01"),
        ),
        "compliance",
        "2025-06-01",
        [
            {"key": "house", "headline_compliant": "1", "headline_total": "1", "all_in_total": "1"},
            {"key": "other", "headline_total": "0", "all_in_compliant": "0", "all_in_total": "1"},
        ],
        by="service",
    ),
    ask(
        "M1 one permanent post brings all of a person's instances in, once",
        house(
            SIGNED,
            service("other"),
            [need("n1"), need("n2", service="other", level=2)],
            post("ann", at="other", basis="bank"),
            signed("ann", "2025-01-01"),
        ),
        "compliance",
        "2025-06-01",
        [{"headline_compliant": "0", "headline_total": "1", "all_in_total": "1", "people_total": "1"}],
    ),
    ask(
        "M1 bank is in the all-in figure only; agency, volunteers and students in neither",
        house(
            SIGNED,
            need(),
            [
                part
                for basis in ("bank", "agency", "volunteer", "student")
                for part in worker(basis, basis=basis)
            ],
            ann=False,
        ),
        "compliance",
        "2025-06-01",
        [{"headline_total": "0", "all_in_total": "1", "people_total": "0"}],
    ),
    ask(
        "section 7 by the organisation that employs, wherever the post is",
        house(
            SIGNED,
            need(),
            ("organisations", {"organisation": "agency", "name": "Agency", "kind": ""}),
            [employed("cy", by="agency"), post("cy")],
            signed("cy", "2025-01-01"),
        ),
        "compliance",
        "2025-06-01",
        [
            {"key": "agency", "headline_compliant": "1", "headline_total": "1"},
            {"key": "trust", "headline_compliant": "0", "headline_total": "1"},
        ],
        by="organisation",
    ),
]

COVER: list[Case] = [
    ask(
        "5.3-6 half of seven is four",
        house(YEARLY, need(cover="percent", amount=50), team(7), ann=False),
        "cover",
        "2025-06-01",
        [line(cover="percent", in_scope="7", required="4", held="0", shortfall="4", met="no")],
    ),
    ask(
        "V2 a whole percentage is not rounded up further",
        house(YEARLY, need(cover="percent", amount=50), team(8), ann=False),
        "cover",
        "2025-06-01",
        [line(in_scope="8", required="4")],
    ),
    ask(
        "V6 an exempt person leaves the count and is no cover",
        house(
            SIGNED,
            need(),
            signed("ann", "2025-01-01"),
            exempted("ann", "2025-03-01", "2025-08-31"),
        ),
        "cover",
        "2025-06-01",
        [line(in_scope="1", required="0", held="0", shortfall="0", met="yes")],
    ),
    ask(
        "V1 exempt people stay in scope of a percentage",
        house(
            SIGNED,
            need(cover="percent", amount=100),
            signed("ann", "2025-01-01"),
            exempted("ann", "2025-03-01", "2025-08-31"),
        ),
        "cover",
        "2025-06-01",
        [line(in_scope="1", required="1", held="0", shortfall="1", met="no")],
    ),
    ask(
        "P9 a lapsed registration is no cover",
        house(
            skill(evidence="sign-off", registration_body="NMC"),
            need(cover="count", amount=1),
            signed("ann", "2025-01-01"),
            registered("ann", "2024-01-01", "2025-05-31"),
        ),
        "cover",
        "2025-06-01",
        [line(in_scope="1", required="1", held="0", met="no")],
    ),
    ask(
        "V3 suspended is no cover, and stays required",
        house(SIGNED, need(), signed("ann", "2025-01-01"), stopped("ann", "2025-05-01")),
        "cover",
        "2025-06-01",
        [line(in_scope="1", required="1", held="0", shortfall="1")],
    ),
    ask(
        "V3 held at the level of the row, not of the person's highest need",
        house(
            SIGNED,
            [need("n1"), need("n2", level=2, cover="count", amount=1)],
            signed("ann", "2025-01-01"),
        ),
        "cover",
        "2025-06-01",
        [
            {"requirement": "n1", "level": "1", "held": "1", "met": "yes"},
            {"requirement": "n2", "level": "2", "held": "0", "met": "no"},
        ],
    ),
    ask(
        "V1 volunteers and students are out of scope, bank and agency in",
        house(
            SIGNED,
            need(cover="count", amount=2),
            [
                part
                for basis in ("bank", "agency", "volunteer", "student")
                for part in [*worker(basis, basis=basis), signed(basis, "2025-01-01")]
            ],
            ann=False,
        ),
        "cover",
        "2025-06-01",
        [line(in_scope="2", required="2", held="2", met="yes")],
    ),
    ask(
        "V1 the long absent are in no team",
        house(SIGNED, need(), away("ann", "2025-05-20", "2025-06-30"), signed("ann", "2025-01-01")),
        "cover",
        "2025-06-01",
        [],
    ),
    ask(
        "section 6 a row that names a service gives a line though nobody is there",
        house(SIGNED, need(service="house", cover="named", amount=1), ann=False),
        "cover",
        "2025-06-01",
        [line(cover="named", in_scope="0", required="1", held="0", shortfall="1", met="no")],
    ),
    ask(
        "section 6 a closed service gives no line",
        house(
            SIGNED,
            service("shut", closes_on="2025-05-31"),
            need(service="shut", cover="named", amount=1),
        ),
        "cover",
        "2025-06-01",
        [],
    ),
    ask(
        "V3 a person counts in each service where they have a post",
        house(SIGNED, need(), service("other"), post("ann", at="other"), signed("ann", "2025-01-01")),
        "cover",
        "2025-06-01",
        [
            {"service": "house", "in_scope": "1", "held": "1"},
            {"service": "other", "in_scope": "1", "held": "1"},
        ],
    ),
    ask(
        "V1 two posts in one service are one person",
        house(SIGNED, need(), post("ann", since="2025-01-01"), signed("ann", "2025-01-01")),
        "cover",
        "2025-06-01",
        [line(in_scope="1", required="1", held="1")],
    ),
    *[
        ask(
            "V5 thirty, sixty and ninety days, each last day counted",
            house(YEARLY, need(), learnt("ann", "2024-06-30")),
            "cover",
            day,
            [line(held="1", expiring_30=bands[0], expiring_60=bands[1], expiring_90=bands[2])],
        )
        for day, bands in (
            ("2025-04-01", "001"),
            ("2025-03-31", "000"),
            ("2025-04-30", "001"),
            ("2025-05-01", "011"),
            ("2025-05-30", "011"),
            ("2025-05-31", "111"),
            ("2025-06-30", "111"),
        )
    ],
]

CASES = FIGURES + COVER
