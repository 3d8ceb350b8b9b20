"""The services of the demonstration lie somewhere, so that grouping them by region shows something."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import Engine, select

from skillsmatrix.demonstration import demonstration_regions
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.foundation.paths import SEED
from skillsmatrix.models import Ledger, Service
from skillsmatrix.operations.demonstration import say_regions
from skillsmatrix.queries.conclusions import differences
from tests.conftest import DEMONSTRATION_LOADED_AT as AT


def test_three_regions_have_three_services_each_and_one_service_has_none(demonstration: Engine) -> None:
    with reading(demonstration) as session:
        found = Counter(session.scalars(select(Service.region)))

    assert found == {"Yorkshire and the Humber": 3, "North East": 3, "North West": 3, None: 1}


def test_regions_are_those_of_the_plan_and_saying_them_again_writes_nothing(demonstration: Engine) -> None:
    plan = demonstration_regions(SEED)
    written = select(Ledger.entries, Ledger.data_version)
    with reading(demonstration) as session:
        stored = dict(session.execute(select(Service.code, Service.region)).all())
        before = session.execute(written).one()
    assert {code: region for code, region in stored.items() if region} == plan

    with writing(demonstration) as session:
        assert not say_regions(session, plan, by="command:test", at=AT + timedelta(days=1))

    with reading(demonstration) as session:
        assert session.execute(written).one() == before
        assert differences(session) == []
