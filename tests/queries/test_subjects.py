"""What pages about assessing are about, on both databases."""

from sqlalchemy import Engine

from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.models import Competency
from skillsmatrix.queries.subjects import assessed_skills
from tests.facts import add


def test_only_what_needs_a_sign_off_is_assessed(engine: Engine) -> None:
    with writing(engine) as session:
        for code, needs_sign_off in (("MED", True), ("FIRE", False)):
            add(
                session,
                Competency(code=code, title=code, needs_learning=True, needs_sign_off=needs_sign_off),
            )

    with reading(engine) as session:
        assert [skill.code for skill in assessed_skills(session)] == ["MED"]
