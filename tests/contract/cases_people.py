"""Posts, induction, absence, and the order of the standings: contract sections 4 and 5; domain.md P."""

from tests.contract.house import (
    Case,
    ann_on,
    ask,
    away,
    employed,
    exempted,
    house,
    learnt,
    need,
    post,
    role,
    service,
    skill,
    stopped,
)

YEARLY = skill(learning_months=12)
SIGNED = skill(evidence="sign-off")

PLACES: list[Case] = [
    *ann_on(
        "P1 a change of role opens a window of its own",
        house(
            YEARLY,
            role("lead"),
            need(role="lead", induction_days=28),
            [employed("ann"), post("ann", to="2025-02-28")],
            post("ann", as_a="lead", since="2025-03-01"),
            ann=False,
        ),
        {"2025-03-01": "in_induction", "2025-03-29": "in_induction", "2025-03-30": "not_held"},
    ),
    *ann_on(
        "R7 a post without a window ends induction",
        house(
            YEARLY,
            need(induction_days=28),
            [service("other"), post("ann", at="other", since="2025-03-01")],
        ),
        {"2025-03-02": "not_held"},
    ),
    *ann_on(
        "R7 two posts, both inside their windows",
        house(
            YEARLY,
            need(induction_days=28),
            service("other"),
            [employed("ann"), post("ann", since="2025-03-01")],
            post("ann", at="other", since="2025-03-15"),
            ann=False,
        ),
        {"2025-03-29": "in_induction", "2025-03-30": "not_held"},
    ),
    *ann_on(
        "R7 the longest window of the rows for this competency",
        house(
            YEARLY,
            [need("n1", induction_days=7), need("n2", induction_days=28), need("n3")],
            [employed("ann"), post("ann", since="2025-03-01")],
            ann=False,
        ),
        {"2025-03-29": "in_induction", "2025-03-30": "not_held"},
    ),
    *ann_on(
        "R7 a window of one day is two days",
        house(
            YEARLY,
            need(induction_days=1),
            [employed("ann"), post("ann", since="2025-03-01")],
            ann=False,
        ),
        {"2025-03-01": "in_induction", "2025-03-02": "in_induction", "2025-03-03": "not_held"},
    ),
    *ann_on(
        "R7 zero days are no window",
        house(
            YEARLY,
            need(induction_days=0),
            [employed("ann"), post("ann", since="2025-03-01")],
            ann=False,
        ),
        {"2025-03-01": "not_held"},
    ),
    *ann_on(
        "row 3 held already, so not in induction",
        house(
            YEARLY,
            need(induction_days=28),
            [employed("ann"), post("ann", since="2025-03-01")],
            learnt("ann", "2024-12-01"),
            ann=False,
        ),
        {"2025-03-10": ("valid", "2024-12-01", "2025-12-01")},
    ),
    ask(
        "P3 hired again after a gap: the old record, judged by today's rules",
        house(
            YEARLY,
            need(),
            [employed("ann", since="2024-01-01")],
            [post("ann", since="2024-01-01", to="2024-06-30"), post("ann", since="2025-01-01")],
            learnt("ann", "2024-02-01"),
            ann=False,
        ),
        "standings",
        "2025-01-01",
        [{"staff": "ann", "standing": "expiring", "valid_to": "2025-02-01"}],
    ),
    ask(
        "P3 nothing is asked in the gap",
        house(
            YEARLY,
            need(),
            [employed("ann", since="2024-01-01")],
            [post("ann", since="2024-01-01", to="2024-06-30"), post("ann", since="2025-01-01")],
            ann=False,
        ),
        "standings",
        "2024-12-31",
        [],
    ),
    ask(
        "P6 the last day of a secondment",
        house(
            YEARLY,
            [service("host"), need(service="host")],
            post("ann", at="host", basis="secondment", since="2025-01-01", to="2025-06-30"),
        ),
        "standings",
        "2025-06-30",
        [{"staff": "ann", "competency": "skill", "standing": "not_held"}],
    ),
    ask(
        "P6 the host's requirements drop on the day after",
        house(
            YEARLY,
            [service("host"), need(service="host")],
            post("ann", at="host", basis="secondment", since="2025-01-01", to="2025-06-30"),
        ),
        "standings",
        "2025-07-01",
        [],
    ),
    ask(
        "R1 employment ends before the post does",
        house(
            YEARLY,
            need(),
            [employed("ann", to="2025-06-30"), post("ann", to="2025-12-31")],
            ann=False,
        ),
        "standings",
        "2025-07-01",
        [],
    ),
    ask(
        "R2 a closed service asks nothing, even by a row without a service",
        house(YEARLY, need(), service("shut", closes_on="2025-06-30"), employed("cy"), post("cy", at="shut")),
        "standings",
        "2025-07-01",
        [{"staff": "ann"}],
    ),
    ask(
        "R2 on its last day the service still asks",
        house(YEARLY, need(), service("shut", closes_on="2025-06-30"), employed("cy"), post("cy", at="shut")),
        "standings",
        "2025-06-30",
        [{"staff": "ann"}, {"staff": "cy"}],
    ),
    ask(
        "R4 the highest level of all posts, hard if any row is",
        house(
            YEARLY,
            [need("n1", strength="hard_stop"), need("n2", service="other", level=2)],
            [service("other"), post("ann", at="other")],
            learnt("ann", "2025-01-10"),
        ),
        "standings",
        "2025-02-01",
        [
            {
                "staff": "ann",
                "competency": "skill",
                "level": "2",
                "strength": "hard_stop",
                "standing": "below_level",
                "held_level": "1",
            }
        ],
    ),
    ask(
        "R4 a team's requirement makes no instance",
        house(YEARLY, need(cover="count", amount=1)),
        "standings",
        "2025-02-01",
        [],
    ),
    ask(
        "section 9 a service selects people and changes no level",
        house(
            YEARLY,
            [need("n1"), need("n2", service="other", level=2)],
            [service("other"), post("ann", at="other")],
            [employed("cy"), post("cy", at="other")],
        ),
        "standings",
        "2025-02-01",
        [{"staff": "ann", "level": "2"}],
        service="house",
    ),
]

ABSENCES: list[Case] = [
    *[
        ask(name, house(YEARLY, need(), absences), "standings", "2025-03-10", expected)
        for name, absences, expected in (
            ("R5 27 days", [away("ann", "2025-03-01", "2025-03-27")], [{"staff": "ann"}]),
            ("R5 28 days", [away("ann", "2025-03-01", "2025-03-28")], []),
            ("R5 without an end", [away("ann", "2025-03-10")], []),
            (
                "R5 two short absences side by side stay short",
                [away("ann", "2025-02-17", "2025-03-10"), away("ann", "2025-03-11", "2025-04-01")],
                [{"staff": "ann"}],
            ),
            ("R5 long, but over", [away("ann", "2025-01-01", "2025-03-09")], [{"staff": "ann"}]),
        )
    ],
]

ORDER: list[Case] = [
    *ann_on(
        "row 1 exempt, and the evidence still shows",
        house(
            YEARLY,
            need(),
            learnt("ann", "2025-01-10"),
            stopped("ann", "2025-01-01"),
            exempted("ann", "2025-03-01", "2025-03-31"),
        ),
        {
            "2025-02-28": ("suspended", "2025-01-10", "2026-01-10"),
            "2025-03-01": ("exempt", "2025-01-10", "2026-01-10"),
            "2025-03-31": ("exempt", "2025-01-10", "2026-01-10"),
            "2025-04-01": ("suspended", "2025-01-10", "2026-01-10"),
        },
    ),
    *ann_on(
        "row 5 in induction before below the level",
        house(
            YEARLY,
            need(level=2, induction_days=28),
            [employed("ann"), post("ann", since="2025-03-01")],
            learnt("ann", "2025-01-10"),
            ann=False,
        ),
        {"2025-03-02": "in_induction", "2025-04-01": "below_level"},
    ),
    *ann_on(
        "row 9 expired, though it was never held at the level",
        house(YEARLY, need(level=2), learnt("ann", "2024-01-10")),
        {"2025-01-10": "below_level", "2025-01-11": "expired"},
    ),
    *ann_on(
        "row 10 superseded, on and from the day",
        house(
            skill("old", learning_months=12, superseded_by="skill", superseded_on="2025-04-01"),
            YEARLY,
            need(),
            learnt("ann", "2025-01-10", competency="old"),
        ),
        {"2025-03-31": "not_held", "2025-04-01": "superseded", "2026-01-11": "not_held"},
    ),
    *ann_on(
        "row 10 one step only",
        house(
            skill("oldest", superseded_by="old", superseded_on="2024-01-01"),
            skill("old", superseded_by="skill", superseded_on="2025-01-01"),
            YEARLY,
            need(),
            learnt("ann", "2023-01-10", competency="oldest"),
        ),
        {"2025-06-01": "not_held"},
    ),
    *ann_on(
        "row 10 the older one suspended all the same",
        house(
            skill("old", superseded_by="skill", superseded_on="2025-01-01"),
            YEARLY,
            need(),
            learnt("ann", "2023-01-10", competency="old"),
            stopped("ann", "2023-02-01", competency="old"),
        ),
        {"2025-06-01": "superseded"},
    ),
    *ann_on(
        "row 9 before row 10: held once itself",
        house(
            skill("old", superseded_by="skill", superseded_on="2024-01-01"),
            YEARLY,
            need(),
            learnt("ann", "2023-01-10", competency="old"),
            learnt("ann", "2024-02-01"),
        ),
        {"2025-06-01": "expired"},
    ),
    *ann_on(
        "V11 not asked while the requirement was away",
        house(
            SIGNED,
            need("n1", in_force_to="2025-01-31"),
            need("n2", in_force_from="2025-03-01"),
        ),
        {"2025-01-31": "not_held", "2025-03-01": "not_held"},
    ),
    ask(
        "V11 nothing stands against anybody in between",
        house(
            SIGNED,
            need("n1", in_force_to="2025-01-31"),
            need("n2", in_force_from="2025-03-01"),
        ),
        "standings",
        "2025-02-15",
        [],
    ),
]

CASES = PLACES + ABSENCES + ORDER
