"""Contract section 7 and the worked examples of domain section 5.3."""

import pytest

from skillsmatrix.domain.compliance import Compliance, PersonStandings, Share, compliance
from skillsmatrix.domain.person import Basis
from skillsmatrix.domain.standing import Standing


def people(*rows: str) -> list[PersonStandings]:
    """`permanent: valid expired`: one person each."""
    found = []
    for number, row in enumerate(rows):
        bases, _, standings = row.partition(":")
        found.append(
            PersonStandings(
                str(number),
                frozenset(Basis(each) for each in bases.split("+")),
                tuple(Standing(each) for each in standings.split()),
            )
        )
    return found


def figures(found: Compliance) -> tuple[tuple[int, int], ...]:
    return tuple((share.compliant, share.total) for share in (found.headline, found.all_in, found.people))


def test_5_3_example_1_who_counts() -> None:
    house = [
        *["permanent: valid"] * 6,
        "permanent: expired",
        "permanent: exempt",
        "permanent: in_induction",
        "bank: valid",
        "agency: valid",
    ]

    found = compliance(people(*house))

    assert (found.headline.percent, found.all_in.percent) == ("85.7", "77.7")
    assert figures(found) == ((6, 7), (7, 9), (6, 7))


def test_5_3_example_2_averages_hide_risk() -> None:
    ten = ["permanent: " + "valid " * 19 + "not_held"] * 10

    found = compliance(people(*ten))

    assert found.headline.percent == "95.0"
    assert figures(found)[2] == (0, 10)


def test_5_3_example_3_fractions_are_exact_and_shown_rounded_down() -> None:
    share = Share(1899, 2000)

    assert not share.meets(95)
    assert share.percent == "94.9"
    assert Share(1900, 2000).meets(95)


@pytest.mark.parametrize(
    ("share", "shown"), [(Share(0, 0), "not required"), (Share(3, 3), "100.0"), (Share(0, 3), "0.0")]
)
def test_5_3_example_5_an_empty_denominator_is_not_required(share: Share, shown: str) -> None:
    assert share.percent == shown
    assert Share(0, 0).meets(95)


@pytest.mark.parametrize(
    ("bases", "headline", "all_in"),
    [
        ("permanent", 1, 1),
        ("secondment", 1, 1),
        ("bank", 0, 1),
        ("agency", 0, 0),
        ("volunteer+student", 0, 0),
        ("bank+agency", 0, 1),
        ("bank+fixed_term", 1, 1),
    ],
)
def test_m1_leaves_out_people_by_their_posts(bases: str, headline: int, all_in: int) -> None:
    found = compliance(people(f"{bases}: valid"))

    assert figures(found) == ((headline, headline), (all_in, all_in), (headline, headline))


def test_m2_a_person_whose_instances_are_all_in_induction_or_exempt_is_not_counted() -> None:
    found = compliance(people("permanent: in_induction exempt", "permanent: valid in_induction"))

    assert figures(found) == ((1, 1), (1, 3), (1, 1))


def test_suspended_and_withdrawn_are_not_compliant() -> None:
    found = compliance(people("permanent: suspended withdrawn superseded expiring"))

    assert figures(found) == ((1, 4), (1, 4), (0, 1))
