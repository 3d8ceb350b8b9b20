"""What stands for rows in addresses: numbers that some row could have, and codes of any kind."""

from werkzeug.routing import IntegerConverter, UnicodeConverter, ValidationError

from skillsmatrix.foundation.address_parts import address_part, code_of

LARGEST_ROW = 2**31 - 1  # what an integer column of PostgreSQL holds


class RowNumber(IntegerConverter):
    """A whole number that some row could have; a longer one leads nowhere."""

    def to_python(self, value: str) -> int:
        number: int = super().to_python(value)
        if number > LARGEST_ROW:
            raise ValidationError
        return number


class Code(UnicodeConverter):
    """The code of a member of staff, a service, a role."""

    def to_python(self, value: str) -> str:
        return code_of(value)

    def to_url(self, value: object) -> str:
        return address_part(str(value))
