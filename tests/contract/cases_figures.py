"""Compliance: contract section 7; domain.md 5.3 and P."""

from tests.contract.house import (
    UNCOUNTED,
    Case,
    ask,
    away,
    employed,
    exempted,
    house,
    learnt,
    need,
    post,
    service,
    signed,
    skill,
    team,
    worker,
)
from tests.oracle.form import Row, Tables

YEARLY = skill(learning_months=12)
SIGNED = skill(evidence="sign-off")


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
            [part for basis in UNCOUNTED for part in worker(basis, basis=basis)],
            ann=False,
        ),
        "compliance",
        "2025-06-01",
        [{"headline_total": "0", "all_in_total": "1", "people_total": "0"}],
    ),
    ask(
        "M1 somebody with posts of all the kinds that are left out is left out",
        house(
            SIGNED,
            need(),
            employed("cy"),
            [post("cy", basis=basis, since=f"2024-0{n}-01") for n, basis in enumerate(UNCOUNTED, start=1)],
            [*worker("dee", basis="agency"), post("dee", basis="fixed_term", since="2025-01-01")],
            ann=False,
        ),
        "compliance",
        "2025-06-01",
        [{"headline_total": "1", "all_in_total": "2", "people_total": "1"}],
    ),
    ask(
        "M1 agency, volunteer and student posts together stay out of both",
        house(
            SIGNED,
            need(),
            employed("cy"),
            [
                post("cy", basis=basis, since=f"2024-0{n}-01")
                for n, basis in enumerate(UNCOUNTED[1:], start=1)
            ],
            ann=False,
        ),
        "compliance",
        "2025-06-01",
        [{"headline_total": "0", "all_in_total": "0", "headline_percent": "not required"}],
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

CASES = FIGURES
