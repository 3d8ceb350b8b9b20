"""Cover of a service: contract section 6; domain.md 5.3-6, V and P9."""

from tests.contract.house import (
    UNCOUNTED,
    Case,
    ask,
    away,
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
    team,
    worker,
)
from tests.oracle.form import Row

YEARLY = skill(learning_months=12)
SIGNED = skill(evidence="sign-off")


def line(**values: str) -> Row:
    return {"service": "house", "requirement": "need", **values}


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
        "V2 sixty-seven per cent of three is three",
        house(YEARLY, need(cover="percent", amount=67), team(3), ann=False),
        "cover",
        "2025-06-01",
        [line(in_scope="3", required="3")],
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
                for basis in UNCOUNTED
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

CASES = COVER
