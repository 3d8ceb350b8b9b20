"""Papers without a signature: one kind of job for the rendering children, whatever is to be printed."""

from dataclasses import dataclass

from skillsmatrix.documents.observation_sheet import ObservationSheetFacts, observation_sheet_pdf
from skillsmatrix.documents.renderer import Renderer
from skillsmatrix.documents.role_card import RoleCardFacts, role_card_pdf


@dataclass(frozen=True, slots=True)
class PaperJob:
    """One paper to make; `key` comes back with the result."""

    key: str
    facts: RoleCardFacts | ObservationSheetFacts


def paper_of(renderer: Renderer, job: PaperJob) -> bytes:
    """The work of a child: the pages of one job."""
    if isinstance(job.facts, RoleCardFacts):
        return role_card_pdf(job.facts, renderer=renderer)
    return observation_sheet_pdf(job.facts, renderer=renderer)
