"""Suspension, by decision, registration and supervision: contract section 3; domain.md V and P9."""

from tests.contract.house import (
    LONG_AGO,
    Case,
    ann_on,
    away,
    house,
    learnt,
    need,
    registered,
    session,
    signed,
    skill,
    stopped,
)

YEARLY = skill(learning_months=12)
SUPERVISED = skill(evidence="sign-off", supervision_kind="clinical", supervision_lapse_days=30)
SMALL_GROUPS = skill(
    evidence="sign-off",
    supervision_kind="clinical",
    supervision_lapse_days=30,
    supervision_max_group=6,
)
NURSING = skill(evidence="sign-off", registration_body="NMC")
OPEN = ("valid", "2025-01-01", "")  # Ann, signed off on New Year's Day, for good
HELD = ("suspended", "2025-01-01", "")

SUSPENSION: list[Case] = [
    *ann_on(
        "S9 stopped by decision, dates kept, back by itself",
        house(YEARLY, need(), learnt("ann", "2025-01-10"), stopped("ann", "2025-03-01", "2025-03-31")),
        {
            "2025-02-28": ("valid", "2025-01-10", "2026-01-10"),
            "2025-03-01": ("suspended", "2025-01-10", "2026-01-10"),
            "2025-03-31": ("suspended", "2025-01-10", "2026-01-10"),
            "2025-04-01": ("valid", "2025-01-10", "2026-01-10"),
        },
    ),
    *ann_on(
        "row 2 only what would satisfy is suspended",
        house(YEARLY, need(), learnt("ann", "2025-01-10"), stopped("ann", "2025-03-01")),
        {
            "2026-01-10": ("suspended", "2025-01-10", "2026-01-10"),
            "2026-01-11": "expired",
        },
    ),
    *ann_on(
        "P9 registration lapses",
        house(NURSING, need(), signed("ann", "2025-01-01"), registered("ann", LONG_AGO, "2025-05-31")),
        {"2025-05-31": OPEN, "2025-06-01": HELD},
    ),
    *ann_on(
        "D9 registration ends on the body's own day, not on an anniversary",
        house(
            NURSING,
            need(),
            signed("ann", "2025-01-01"),
            registered("ann", "2024-12-09", "2025-11-30"),
        ),
        {"2025-11-30": OPEN, "2025-12-01": HELD},
    ),
    *ann_on(
        "S2 a registration with another body does not help",
        house(NURSING, need(), signed("ann", "2025-01-01"), registered("ann", LONG_AGO, body="HCPC")),
        {"2025-05-31": HELD},
    ),
    *ann_on(
        "S2 registered again after a gap",
        house(
            NURSING,
            need(),
            signed("ann", "2025-01-01"),
            registered("ann", LONG_AGO, "2025-05-31"),
            registered("ann", "2025-06-02"),
        ),
        {"2025-06-01": HELD, "2025-06-02": OPEN},
    ),
    *ann_on(
        "V1 supervision lapses and a session restores it",
        house(SUPERVISED, need(), signed("ann", "2025-01-01"), session("ann", "2025-03-05")),
        {
            "2025-01-31": OPEN,
            "2025-02-01": HELD,
            "2025-03-04": HELD,
            "2025-03-05": OPEN,
            "2025-04-04": OPEN,
            "2025-04-05": HELD,
        },
    ),
    *ann_on(
        "S3 a session before it was held does not matter",
        house(SUPERVISED, need(), signed("ann", "2025-01-01"), session("ann", "2024-12-31")),
        {"2025-01-31": OPEN, "2025-02-01": HELD},
    ),
    *ann_on(
        "S3 a session of another kind does not count",
        house(
            SUPERVISED,
            need(),
            signed("ann", "2025-01-01"),
            session("ann", "2025-01-20", kind="management"),
        ),
        {"2025-02-01": HELD},
    ),
    *ann_on(
        "S3 supervising oneself does not count",
        house(SUPERVISED, need(), signed("ann", "2025-01-01"), session("ann", "2025-01-20", by="ann")),
        {"2025-02-01": HELD},
    ),
    *ann_on(
        "V3 a group of seven where six is the most",
        house(SMALL_GROUPS, need(), signed("ann", "2025-01-01"), session("ann", "2025-01-20", group_size=7)),
        {"2025-02-01": HELD},
    ),
    *ann_on(
        "V3 a group of six where six is the most",
        house(SMALL_GROUPS, need(), signed("ann", "2025-01-01"), session("ann", "2025-01-20", group_size=6)),
        {"2025-02-19": OPEN, "2025-02-20": HELD},
    ),
    *ann_on(
        "S3 a session without a group size is one to one",
        house(SMALL_GROUPS, need(), signed("ann", "2025-01-01"), session("ann", "2025-01-20")),
        {"2025-02-19": OPEN, "2025-02-20": HELD},
    ),
    *ann_on(
        "S3 where only one to one counts, a session without a group size does",
        house(
            skill(
                evidence="sign-off",
                supervision_kind="clinical",
                supervision_lapse_days=30,
                supervision_max_group=1,
            ),
            need(),
            signed("ann", "2025-01-01"),
            [session("ann", "2025-01-20"), session("ann", "2025-01-25", group_size=2)],
        ),
        {"2025-02-19": OPEN, "2025-02-20": HELD},
    ),
    *ann_on(
        "S3 days of absence do not count, each once",
        house(
            SUPERVISED,
            need(),
            signed("ann", "2025-01-01"),
            [away("ann", "2025-01-10", "2025-01-12"), away("ann", "2025-01-12", "2025-01-14")],
        ),
        {"2025-02-05": OPEN, "2025-02-06": HELD},
    ),
    *ann_on(
        "S3 of an absence that was running when the clock started, the days after it",
        house(SUPERVISED, need(), signed("ann", "2025-01-01"), away("ann", "2024-12-28", "2025-01-05")),
        {"2025-02-04": OPEN, "2025-02-05": HELD},
    ),
    *ann_on(
        "S3 an absence on the day the clock starts takes nothing off",
        house(SUPERVISED, need(), signed("ann", "2025-01-01"), away("ann", "2025-01-01", "2025-01-01")),
        {"2025-01-31": OPEN, "2025-02-01": HELD},
    ),
    *ann_on(
        "S3 an absence that begins when it has lapsed restores nothing",
        house(SUPERVISED, need(), signed("ann", "2025-01-01"), away("ann", "2025-02-02", "2025-02-10")),
        {"2025-01-31": OPEN, "2025-02-01": HELD, "2025-02-05": HELD, "2025-02-11": HELD},
    ),
    *ann_on(
        "S3 on the eve of lapsing, absence stops the clock",
        house(SUPERVISED, need(), signed("ann", "2025-01-01"), away("ann", "2025-02-01", "2025-02-10")),
        {"2025-02-10": OPEN, "2025-02-11": HELD},
    ),
    *ann_on(
        "S3 the clock runs from when anything was held, not from the level needed",
        house(
            SUPERVISED,
            need(level=2),
            signed("ann", "2025-01-01"),
            signed("ann", "2025-01-25", level=2),
        ),
        {
            "2025-01-31": ("valid", "2025-01-25", ""),
            "2025-02-01": ("suspended", "2025-01-25", ""),
        },
    ),
]

CASES = SUSPENSION
