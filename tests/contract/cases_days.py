"""Days, months and renewals: contract C1 to C6, E1 to E3, E7, E8; domain.md D and R."""

from tests.contract.house import (
    Case,
    ann_on,
    house,
    learnt,
    need,
    skill,
)

YEARLY = skill(learning_months=12)
KEEPING = skill(learning_months=12, renewal="keep_anniversary", early_window_days=90)

DAYS: list[Case] = [
    *ann_on(
        "D1 a year from 29 February ends on the 28th",
        house(YEARLY, need(), learnt("ann", "2024-02-29")),
        {
            "2024-02-28": "not_held",
            "2024-02-29": ("valid", "2024-02-29", "2025-02-28"),
            "2025-02-28": ("expiring", "2024-02-29", "2025-02-28"),
            "2025-03-01": "expired",
        },
    ),
    *ann_on(
        "D2 three years from 29 February",
        house(skill(learning_months=36), need(), learnt("ann", "2024-02-29")),
        {"2027-02-28": ("expiring", "2024-02-29", "2027-02-28"), "2027-03-01": "expired"},
    ),
    *ann_on(
        "D2 four years from 29 February",
        house(skill(learning_months=48), need(), learnt("ann", "2024-02-29")),
        {"2028-02-29": ("expiring", "2024-02-29", "2028-02-29"), "2028-03-01": "expired"},
    ),
    *ann_on(
        "D3 six months from 31 August",
        house(skill(learning_months=6), need(), learnt("ann", "2025-08-31")),
        {"2026-02-28": ("expiring", "2025-08-31", "2026-02-28"), "2026-03-01": "expired"},
    ),
    *ann_on(
        "D3 three months from 30 November",
        house(skill(learning_months=3), need(), learnt("ann", "2025-11-30")),
        {"2026-02-28": ("expiring", "2025-11-30", "2026-02-28"), "2026-03-01": "expired"},
    ),
    *ann_on(
        "C2 the last day still counts",
        house(YEARLY, need(), learnt("ann", "2025-03-31")),
        {"2026-03-31": ("expiring", "2025-03-31", "2026-03-31"), "2026-04-01": "expired"},
    ),
    *ann_on(
        "D6 ninety days before the last day",
        house(YEARLY, need(), learnt("ann", "2025-03-10")),
        {
            "2025-12-09": ("valid", "2025-03-10", "2026-03-10"),
            "2025-12-10": ("expiring", "2025-03-10", "2026-03-10"),
            "2026-03-10": ("expiring", "2025-03-10", "2026-03-10"),
            "2026-03-11": "expired",
        },
    ),
    *ann_on(
        "D8 twelve months are not 365 days",
        house(YEARLY, need(), learnt("ann", "2023-03-01")),
        {"2024-03-01": ("expiring", "2023-03-01", "2024-03-01"), "2024-03-02": "expired"},
    ),
    *ann_on(
        "C6 what was expiring then, though it was renewed later",
        house(YEARLY, need(), learnt("ann", "2024-06-01"), learnt("ann", "2025-05-20")),
        {
            "2025-05-19": ("expiring", "2024-06-01", "2025-06-01"),
            "2025-05-20": ("valid", "2024-06-01", "2026-05-20"),
        },
    ),
]

RENEWALS: list[Case] = [
    *ann_on(
        "D4 renewed on time three times, counted from the anchor",
        house(
            KEEPING,
            need(),
            [learnt("ann", day) for day in ("2024-02-29", "2025-02-10", "2026-02-20", "2027-01-31")],
        ),
        {"2028-02-29": ("expiring", "2024-02-29", "2028-02-29"), "2028-03-01": "expired"},
    ),
    *ann_on(
        "R1 renewed early, anniversary kept",
        house(KEEPING, need(), learnt("ann", "2024-06-30"), learnt("ann", "2025-05-20")),
        {"2025-07-01": ("valid", "2024-06-30", "2026-06-30")},
    ),
    *ann_on(
        "R2 renewed early, policy reset",
        house(
            skill(learning_months=12, renewal="reset", early_window_days=90),
            need(),
            learnt("ann", "2024-06-30"),
            learnt("ann", "2025-05-20"),
        ),
        {"2025-07-01": ("valid", "2024-06-30", "2026-05-20")},
    ),
    *ann_on(
        "R3 renewed before the window opens",
        house(KEEPING, need(), learnt("ann", "2024-06-30"), learnt("ann", "2025-03-01")),
        {"2025-07-01": ("valid", "2024-06-30", "2026-03-01")},
    ),
    *ann_on(
        "E3 the window's first day is inside",
        house(KEEPING, need(), learnt("ann", "2024-06-30"), learnt("ann", "2025-04-01")),
        {"2025-07-01": ("valid", "2024-06-30", "2026-06-30")},
    ),
    *ann_on(
        "E3 the day before the window is outside",
        house(KEEPING, need(), learnt("ann", "2024-06-30"), learnt("ann", "2025-03-31")),
        {"2025-07-01": ("valid", "2024-06-30", "2026-03-31")},
    ),
    *ann_on(
        "E3 the last valid day is inside",
        house(KEEPING, need(), learnt("ann", "2024-06-30"), learnt("ann", "2025-06-30")),
        {"2025-07-01": ("valid", "2024-06-30", "2026-06-30")},
    ),
    *ann_on(
        "E3 without a window stated, only the last day itself renews",
        house(
            skill(learning_months=12, renewal="keep_anniversary"),
            need(),
            learnt("ann", "2024-06-29"),
            learnt("ann", "2025-06-28"),
        ),
        {"2025-06-29": ("valid", "2024-06-29", "2026-06-28")},
    ),
    *ann_on(
        "R4 renewed after expiry, the gap stays",
        house(KEEPING, need(), learnt("ann", "2024-06-30"), learnt("ann", "2025-07-02")),
        {
            "2025-07-01": "expired",
            "2025-07-02": ("valid", "2025-07-02", "2026-07-02"),
        },
    ),
    *ann_on(
        "E8 renewed on the very next day, no gap",
        house(YEARLY, need(), learnt("ann", "2024-06-30"), learnt("ann", "2025-07-01")),
        {"2025-07-01": ("valid", "2024-06-30", "2026-07-01")},
    ),
    *ann_on(
        "R12 two records overlap, the later last day governs",
        house(
            YEARLY,
            need(),
            learnt("ann", "2025-01-10"),
            learnt("ann", "2025-02-01", valid_months=3),
        ),
        {"2025-06-01": ("valid", "2025-01-10", "2026-01-10")},
    ),
    *ann_on(
        "E3 renewals of different lengths are added up",
        house(
            KEEPING,
            need(),
            learnt("ann", "2024-01-31"),
            learnt("ann", "2025-01-20", valid_months=1),
            learnt("ann", "2025-02-28", valid_months=1),
        ),
        {"2025-03-01": ("expiring", "2024-01-31", "2025-03-31")},
    ),
    *ann_on(
        "E3 a completion without a length ends the chain and never expires",
        house(
            skill(renewal="keep_anniversary", early_window_days=90),
            need(level=2),
            learnt("ann", "2024-01-31", valid_months=12, level=2),
            learnt("ann", "2025-01-10", level=1),
            learnt("ann", "2025-01-20", valid_months=12, level=2),
        ),
        {"2025-01-20": ("valid", "2024-01-31", "2026-01-20")},
    ),
    *ann_on(
        "E3 on one day, the one without a length comes first and ends no chain",
        house(
            skill(renewal="keep_anniversary", early_window_days=90),
            need(level=2),
            learnt("ann", "2024-01-31", valid_months=12, level=2, reference="a"),
            learnt("ann", "2024-01-31", level=1, reference="b"),
            learnt("ann", "2025-01-10", valid_months=12, level=2),
        ),
        {"2025-02-01": ("valid", "2024-01-31", "2026-01-31")},
    ),
    *ann_on(
        "E3 on one day the longer comes first, then the higher level",
        house(
            skill(renewal="keep_anniversary", early_window_days=800),
            need(level=2),
            learnt("ann", "2024-01-31", valid_months=6, level=2, reference="a"),
            learnt("ann", "2024-01-31", valid_months=12, level=1, reference="b"),
        ),
        {"2025-01-31": ("valid", "2024-01-31", "2025-07-31")},
    ),
    *ann_on(
        "E3 on one day and of one length, the higher level is the anchor",
        house(
            skill(renewal="keep_anniversary", early_window_days=800),
            need(level=2),
            learnt("ann", "2024-01-31", valid_months=6, level=1, reference="a"),
            learnt("ann", "2024-01-31", valid_months=6, level=2, reference="b"),
        ),
        {"2024-01-31": ("valid", "2024-01-31", "2024-07-31"), "2024-08-01": "below_level"},
    ),
    *ann_on(
        "E3 a completion of any level renews",
        house(
            KEEPING,
            need(),
            learnt("ann", "2024-06-30", level=3),
            learnt("ann", "2025-05-20", level=1),
        ),
        {"2025-07-01": ("valid", "2024-06-30", "2026-06-30")},
    ),
]

CASES = DAYS + RENEWALS
