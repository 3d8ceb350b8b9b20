"""Two at once, twice over, cut off in the middle: one sign-off, and everybody learns which."""

import threading
from collections.abc import Callable

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from skillsmatrix.foundation.database import begin_writing, reading, writing
from skillsmatrix.models import Assessment
from skillsmatrix.operations.assessments import AlreadySignedOff, AssessmentRefused, Outcome
from tests.operations.practice import assess, everything, house, sign_offs_of


def test_the_same_request_twice_is_done_once_and_answered_alike(engine: Engine) -> None:
    with writing(engine) as session:
        at_house = house(session)
    outcomes = []
    for _ in range(2):
        with writing(engine) as session:
            outcomes.append(assess(session, at_house, key="same"))

    with reading(engine) as session:
        assert outcomes[0] == outcomes[1]
        assert len(sign_offs_of(session, at_house.ade)) == 1


def at_once(tries: list[Callable[[], object]]) -> list[object]:
    """All of them in threads that start together; what each answered or raised."""
    gate = threading.Barrier(len(tries))
    answers: list[object] = [None] * len(tries)

    def run(place: int) -> None:
        gate.wait()
        try:
            answers[place] = tries[place]()
        except AssessmentRefused as error:
            answers[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(tries))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_two_assessors_at_once_leave_one_sign_off_and_the_second_learns_of_the_first(engine: Engine) -> None:
    with writing(engine) as session:
        at_house = house(session)

    def try_as(assessor: int) -> Callable[[], Outcome]:
        def run() -> Outcome:
            with writing(engine) as session:
                return assess(session, at_house, key=f"key {assessor}", assessor=assessor)

        return run

    answers = at_once([try_as(at_house.bo), try_as(at_house.cy)])

    with reading(engine) as session:
        (fact,) = sign_offs_of(session, at_house.ade)
        done = [each for each in answers if isinstance(each, Outcome)]
        late = [each for each in answers if isinstance(each, AlreadySignedOff)]
        assert (len(done), len(late)) == (1, 1), answers
        assert done[0].sign_off_id == late[0].sign_off_id == fact.id
        assert len(session.scalars(select(Assessment)).all()) == 1


def test_a_double_submit_at_once_leaves_one_sign_off_and_one_answer(engine: Engine) -> None:
    with writing(engine) as session:
        at_house = house(session)

    def run() -> Outcome:
        with writing(engine) as session:
            return assess(session, at_house, key="same")

    answers = at_once([run] * 4)

    with reading(engine) as session:
        assert len(sign_offs_of(session, at_house.ade)) == 1
        assert len(session.scalars(select(Assessment)).all()) == 1
        assert len({str(each) for each in answers}) == 1, answers


def test_a_write_that_is_cut_off_leaves_nothing_and_the_retry_does_it_once(engine: Engine) -> None:
    with writing(engine) as session:
        at_house = house(session)
        before = everything(session)

    with Session(engine) as session:  # killed before it is kept
        begin_writing(session)
        assess(session, at_house)

    with reading(engine) as session:
        assert everything(session) == before
        assert not sign_offs_of(session, at_house.ade)
    with writing(engine) as session:
        assert assess(session, at_house).sign_off_id is not None
