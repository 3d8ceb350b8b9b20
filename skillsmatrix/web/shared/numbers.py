"""Numbers in addresses: those that can be the number of a row, and no others."""

from werkzeug.routing import IntegerConverter, ValidationError

LARGEST_ROW = 2**31 - 1  # what an integer column of PostgreSQL holds


class RowNumber(IntegerConverter):
    """A whole number that some row could have; a longer one leads nowhere."""

    def to_python(self, value: str) -> int:
        number: int = super().to_python(value)
        if number > LARGEST_ROW:
            raise ValidationError
        return number
