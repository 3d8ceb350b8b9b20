"""Figures about few people, held back from those who could tell from them who is meant."""

from flask import g

from skillsmatrix.domain.access import fewest_shown, hides_figure


def fewest() -> int:
    """The fewest people about whom whoever is signed in is shown a figure."""
    return fewest_shown(g.actor, on=g.today)


def hides(people: int) -> bool:
    """Is a figure about so many people held back from whoever is signed in."""
    return hides_figure(g.actor, people, on=g.today)
