"""Sign-offs, lengths and levels: contract E1, E4 to E6; domain.md S and L."""

from tests.contract.house import (
    Case,
    ann_on,
    ask,
    course,
    grants,
    house,
    learnt,
    need,
    signed,
    skill,
)

YEARLY = skill(learning_months=12)
BOTH = skill(evidence="both", learning_months=12, sign_off_months=24)
SIGNED = skill(evidence="sign-off", sign_off_months=12)

SIGN_OFFS: list[Case] = [
    *ann_on(
        "S1 course passed, sign-off missing",
        house(BOTH, need(), learnt("ann", "2025-01-10")),
        {"2025-01-10": "awaiting_sign_off", "2026-01-10": "awaiting_sign_off", "2026-01-11": "not_held"},
    ),
    *ann_on(
        "S1 a failed assessment leaves it awaiting",
        house(BOTH, need(), learnt("ann", "2025-01-10"), signed("ann", "2025-02-01", outcome="not_yet")),
        {"2025-03-01": "awaiting_sign_off"},
    ),
    *ann_on(
        "S2 sign-off first, course missing",
        house(BOTH, need(), signed("ann", "2025-01-10"), learnt("ann", "2025-03-01")),
        {"2025-02-28": "not_held", "2025-03-01": ("valid", "2025-03-01", "2026-03-01")},
    ),
    *ann_on(
        "E7 where both are needed, the earlier end governs",
        house(
            skill(evidence="both", learning_months=24, sign_off_months=12),
            need(),
            learnt("ann", "2025-01-10"),
            signed("ann", "2025-02-01"),
        ),
        {"2025-06-01": ("valid", "2025-02-01", "2026-02-01"), "2026-02-02": "expired"},
    ),
    *ann_on(
        "S4 the assessor lapses after signing",
        house(
            SIGNED,
            need(),
            signed("bea", "2024-01-10", assessor="ann"),
            signed("ann", "2025-01-05"),
        ),
        {"2025-06-01": ("valid", "2025-01-05", "2026-01-05")},
    ),
    *ann_on(
        "S7 withdrawn",
        house(SIGNED, need(), signed("ann", "2025-01-10", withdrawn_on="2025-06-01")),
        {
            "2025-05-31": ("valid", "2025-01-10", "2026-01-10"),
            "2025-06-01": "withdrawn",
            "2027-01-01": "withdrawn",
        },
    ),
    *ann_on(
        "S8 withdrawn and awarded again",
        house(
            SIGNED,
            need(),
            signed("ann", "2025-01-10", withdrawn_on="2025-06-01"),
            signed("ann", "2025-07-01"),
        ),
        {
            "2025-06-30": "withdrawn",
            "2025-07-01": ("valid", "2025-07-01", "2026-07-01"),
            "2026-07-02": "expired",
        },
    ),
    *ann_on(
        "E4 withdrawn on the day itself: never",
        house(SIGNED, need(), signed("ann", "2025-01-10", withdrawn_on="2025-01-10")),
        {"2025-01-10": "not_held", "2025-02-01": "not_held"},
    ),
    *ann_on(
        "E4 withdrawn on the next day: one day",
        house(SIGNED, need(), signed("ann", "2025-01-10", withdrawn_on="2025-01-11")),
        {"2025-01-10": ("valid", "2025-01-10", "2026-01-10"), "2025-01-11": "withdrawn"},
    ),
    *ann_on(
        "row 8 withdrawn after it had run out is expired",
        house(SIGNED, need(), signed("ann", "2025-01-10", withdrawn_on="2026-02-01")),
        {"2026-01-11": "expired", "2026-03-01": "expired"},
    ),
    *ann_on(
        "row 8 withdrawn beneath another sign-off that went on is expired",
        house(
            SIGNED,
            need(),
            signed("ann", "2025-01-10", withdrawn_on="2025-06-01"),
            signed("ann", "2025-03-01"),
        ),
        {"2025-06-01": ("valid", "2025-01-10", "2026-03-01"), "2026-03-02": "expired"},
    ),
    *ann_on(
        "row 7 once signed off, it is no longer awaited",
        house(
            BOTH,
            need(),
            learnt("ann", "2022-01-10"),
            signed("ann", "2022-02-01"),
            learnt("ann", "2025-01-10"),
        ),
        {"2025-02-01": "expired"},
    ),
    *ann_on(
        "E4 a sign-off without a length has no end",
        house(skill(evidence="sign-off"), need(), signed("ann", "2020-01-10")),
        {"2040-01-01": ("valid", "2020-01-10", "")},
    ),
    ask(
        "S10 entered late, known only from then",
        house(YEARLY, need(), learnt("ann", "2025-01-10", recorded_at="2025-03-01T09:00:00Z")),
        "standings",
        "2025-02-01",
        [{"staff": "ann", "standing": "not_held"}],
        known_at="2025-03-01T08:59:59+00:00",
    ),
    ask(
        "S10 entered late, counted from its own day",
        house(YEARLY, need(), learnt("ann", "2025-01-10", recorded_at="2025-03-01T09:00:00Z")),
        "standings",
        "2025-02-01",
        [{"staff": "ann", "standing": "valid"}],
        known_at="2025-03-01T09:00:00+00:00",
    ),
]

LENGTHS_AND_LEVELS: list[Case] = [
    *ann_on(
        "L1 any of several courses, the longest validity governs",
        house(
            skill(),
            need(),
            [course("day"), course("hour")],
            [grants("day", valid_months=24), grants("hour", valid_months=6)],
            learnt("ann", "2025-01-10", course="day"),
            learnt("ann", "2025-02-10", course="hour"),
        ),
        {"2025-09-01": ("valid", "2025-01-10", "2027-01-10")},
    ),
    ask(
        "L2 a course grants several, each with its own last day",
        house(
            [skill("first-aid", learning_months=36), skill("life-support", learning_months=12)],
            [need("n1", competency="first-aid"), need("n2", competency="life-support")],
            course("day"),
            [grants("day", "first-aid"), grants("day", "life-support")],
            learnt("ann", "2025-01-10", competency="first-aid", course="day"),
            learnt("ann", "2025-01-10", competency="life-support", course="day"),
        ),
        "standings",
        "2025-06-01",
        [
            {"competency": "first-aid", "valid_to": "2028-01-10"},
            {"competency": "life-support", "valid_to": "2026-01-10"},
        ],
    ),
    *ann_on(
        "L3 a higher level satisfies a lower, to the higher one's last day",
        house(skill(learning_months=12), need(level=1), learnt("ann", "2025-01-10", level=3)),
        {"2025-06-01": ("valid", "2025-01-10", "2026-01-10"), "2026-01-11": "expired"},
    ),
    *ann_on(
        "L3 not where the levels are no ladder",
        house(
            skill(learning_months=12, cumulative="no"),
            need(level=1),
            learnt("ann", "2025-01-10", level=3),
        ),
        {"2025-06-01": "below_level", "2026-01-11": "expired"},
    ),
    *ann_on(
        "E6 where the levels are no ladder, both can be held at once",
        house(
            skill(learning_months=12, cumulative="no"),
            need(level=1),
            learnt("ann", "2025-01-10", level=3),
            learnt("ann", "2025-01-10", level=1, reference="second"),
        ),
        {"2025-06-01": ("valid", "2025-01-10", "2026-01-10")},
    ),
    *ann_on(
        "L6 no expiry on the certificate: our interval from the day it was completed",
        house(YEARLY, need(), learnt("ann", "2024-01-10", recorded_at="2025-06-01T12:00:00Z")),
        {"2025-01-10": ("expiring", "2024-01-10", "2025-01-10"), "2025-06-02": "expired"},
    ),
    *ann_on(
        "L7 valid longer elsewhere: our shorter rule governs",
        house(YEARLY, need(), learnt("ann", "2025-01-10", valid_months=36)),
        {"2025-06-01": ("valid", "2025-01-10", "2026-01-10")},
    ),
    *ann_on(
        "E1 the shortest of three lengths",
        house(
            YEARLY,
            need(),
            course("day"),
            grants("day", valid_months=6),
            learnt("ann", "2025-01-10", course="day", valid_months=9),
        ),
        {"2025-02-01": ("valid", "2025-01-10", "2025-07-10")},
    ),
    *ann_on(
        "E1 another competency's grant does not shorten this one",
        house(
            [YEARLY, skill("other")],
            need(),
            course("day"),
            grants("day", "other", valid_months=6, level=3),
            learnt("ann", "2025-01-10", course="day"),
        ),
        {"2025-02-01": ("valid", "2025-01-10", "2026-01-10")},
    ),
    *ann_on(
        "E5 the level of the record, else of the course, else of the competency",
        house(
            skill(learning_level=3, learning_months=12),
            need(level=2),
            course("day"),
            grants("day", level=2),
            learnt("ann", "2023-01-10"),
            learnt("ann", "2024-06-10", course="day"),
            learnt("ann", "2025-06-11", course="day", level=1),
        ),
        {
            "2023-02-01": ("valid", "2023-01-10", "2024-01-10"),
            "2024-07-01": ("valid", "2024-06-10", "2025-06-10"),
            "2025-06-11": "below_level",
        },
    ),
    *ann_on(
        "P12 a level above the requirement",
        house(skill(evidence="sign-off"), need(level=1), signed("ann", "2025-01-10", level=2)),
        {"2025-02-01": ("valid", "2025-01-10", "")},
    ),
    *ann_on(
        "E7 a fall in level ends the run at the higher level only",
        house(
            skill(learning_months=12),
            need(level=2),
            learnt("ann", "2025-01-10", level=2),
            learnt("ann", "2025-08-10", level=1),
        ),
        {"2025-09-01": ("valid", "2025-01-10", "2026-01-10"), "2026-01-11": "below_level"},
    ),
]

CASES = SIGN_OFFS + LENGTHS_AND_LEVELS
