"""What cannot be stored even by hand, whoever writes the SQL, on SQLite and PostgreSQL alike."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from skillsmatrix.foundation.database import writing
from tests.facts import a_whole_record

# ruff: noqa: E501
IMPOSSIBLE = [
    ("UPDATE posts SET ends_on = '2023-12-31'", "ck_posts_ends_on_not_before_starts_on"),
    ("UPDATE posts SET wte = -0.5", "ck_posts_wte_not_negative"),
    ("UPDATE posts SET basis = 'lodger'", "ck_posts_basis_known"),
    ("UPDATE services SET closes_on = '2023-01-01'", "ck_services_closes_on_not_before_opens_on"),
    ("UPDATE services SET region = ''", "ck_services_region_given"),
    ("UPDATE services SET region = '  '", "ck_services_region_given"),
    ("UPDATE staff SET employed_to = '2023-01-01'", "ck_staff_employed_to_not_before_employed_from"),
    ("UPDATE absences SET ends_on = '2024-06-02'", "ck_absences_ends_on_not_before_starts_on"),
    ("UPDATE registrations SET valid_to = '2023-01-01'", "ck_registrations_valid_to_not_before_registered_on"),
    ("UPDATE suspensions SET ends_on = '2024-03-31'", "ck_suspensions_ends_on_not_before_starts_on"),
    ("UPDATE exemptions SET ends_on = '2024-04-30'", "ck_exemptions_ends_on_not_before_starts_on"),
    ("UPDATE sign_offs SET assessor_id = staff_id", "ck_sign_offs_not_of_oneself"),
    ("UPDATE sign_offs SET outcome = 'probably'", "ck_sign_offs_outcome_known"),
    ("UPDATE sign_offs SET level = 0", "ck_sign_offs_level_at_least_1"),
    ("UPDATE competencies SET needs_learning = 0, needs_sign_off = 0", "ck_competencies_needs_some_evidence"),
    (
        "UPDATE competencies SET supervision_lapse_days = NULL",
        "ck_competencies_supervision_kind_with_lapse_days",
    ),
    ("UPDATE competencies SET learning_months = 0", "ck_competencies_learning_months_at_least_1"),
    ("UPDATE competencies SET renewal = 'sometimes'", "ck_competencies_renewal_known"),
    ("UPDATE courses SET capacity = -1", "ck_courses_capacity_at_least_0"),
    ("UPDATE courses SET fee_pence = -1", "ck_courses_fee_pence_at_least_0"),
    ("UPDATE course_grants SET valid_months = 0", "ck_course_grants_valid_months_at_least_1"),
    ("UPDATE learning SET valid_months = 0", "ck_learning_valid_months_at_least_1"),
    ("UPDATE supervision SET group_size = 0", "ck_supervision_group_size_at_least_1"),
    ("UPDATE supervision SET minutes = -1", "ck_supervision_minutes_at_least_0"),
    ("UPDATE requirements SET amount = -1", "ck_requirements_amount_at_least_0"),
    ("UPDATE requirements SET amount = NULL", "ck_requirements_amount_stated"),
    ("UPDATE requirements SET cover = 'percent', amount = 101", "ck_requirements_percent_at_most_100"),
    ("UPDATE requirements SET cover = 'most'", "ck_requirements_cover_known"),
    ("UPDATE requirements SET strength = 'nice'", "ck_requirements_strength_known"),
    ("UPDATE requirements SET in_force_to = '2023-01-01'", "ck_requirements_in_force_to_not_before_in_force_from"),
    ("INSERT INTO ledger (id, data_version, entries, last_hash) VALUES (2, 0, 0, '')", "ck_ledger_one_row"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "constraint"), IMPOSSIBLE, ids=[name for _, name in IMPOSSIBLE])
def test_the_database_itself_refuses(engine: Engine, statement: str, constraint: str) -> None:
    with writing(engine) as session:
        a_whole_record(session)

    with pytest.raises(IntegrityError, match=constraint), engine.begin() as connection:
        connection.execute(text(statement))


def test_the_same_fact_cannot_be_stored_twice(engine: Engine) -> None:
    with writing(engine) as session:
        a_whole_record(session)

    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO learning (staff_id, competency_id, completed_on, reference, recorded_at,"
                " version_from, recorded_by) SELECT staff_id, competency_id, completed_on, reference,"
                " recorded_at, version_from, recorded_by FROM learning"
            )
        )


def test_a_person_with_facts_cannot_be_deleted(engine: Engine) -> None:
    with writing(engine) as session:
        a_whole_record(session)

    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("DELETE FROM staff"))


def test_sqlite_takes_no_text_where_a_number_belongs(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        a_whole_record(session)

    with pytest.raises(IntegrityError, match="cannot store TEXT"), sqlite_engine.begin() as connection:
        connection.execute(text("UPDATE requirements SET amount = 'two'"))
