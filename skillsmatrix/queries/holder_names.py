"""Whose an account is: by the staff record where it has one, so that a name corrected there is right here."""

from typing import Final

from sqlalchemy import ColumnElement, func

from skillsmatrix.models import Account, Staff

_GIVEN: Final = func.coalesce(func.nullif(Staff.given_name, "") + " ", "")

# Of a statement that joins staff to accounts from outside; without a record it is the name of the account.
HOLDER_NAME: Final[ColumnElement[str]] = func.coalesce(_GIVEN + Staff.family_name, Account.display_name)
