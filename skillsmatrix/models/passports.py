"""Passports: the whole of one person's record, made to be taken along."""

from datetime import date

from sqlalchemy import LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from skillsmatrix.models.base import STRICT, Day, Fact, refers_to


class Passport(Fact):
    """One passport. `bundle` is the file that was handed out; `pdf_sha256` is of the signed PDF in it."""

    __tablename__ = "passports"
    __table_args__ = (UniqueConstraint("staff_id", "request_key", name="uq_passports_request"), STRICT)

    number: Mapped[str] = mapped_column(Text, unique=True)
    staff_id: Mapped[int] = refers_to("staff")
    holder: Mapped[str] = mapped_column(Text)
    issued_on: Mapped[date] = mapped_column(Day)
    request_key: Mapped[str] = mapped_column(Text)
    bundle: Mapped[bytes] = mapped_column(LargeBinary)
    pdf_sha256: Mapped[str] = mapped_column(Text, unique=True)
    key_id: Mapped[str] = mapped_column(Text)
