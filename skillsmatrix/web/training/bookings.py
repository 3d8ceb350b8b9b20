"""Seats: booked for oneself or one's team, taken up, given up, given out of turn; and the register."""

from typing import Any

from flask import abort, flash, g, redirect, render_template, request

from skillsmatrix.domain.booking import OUTCOMES, BookingState
from skillsmatrix.operations import bookings as operations
from skillsmatrix.operations.bookings import BookingRefused, DateClosed, Hindered
from skillsmatrix.operations.once import once
from skillsmatrix.queries.labels import names
from skillsmatrix.queries.training import BookingLine, DateLine, booking_lines, staff_ids
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.forms import choices
from skillsmatrix.web.shared.guards import needs, require, visible_staff
from skillsmatrix.web.shared.links import link
from skillsmatrix.web.shared.transactions import commits
from skillsmatrix.web.shared.wording import gettext as _
from skillsmatrix.web.shared.wording import lazy_gettext, ngettext
from skillsmatrix.web.training import pages, words
from skillsmatrix.web.training.blueprint import bp
from skillsmatrix.web.training.forms import (
    BookForm,
    GiveForm,
    PeopleSearch,
    SeatForm,
    field_of,
    register_form,
)

FAULTS = {
    operations.DateClosed: lazy_gettext("This date takes no more changes"),
    operations.NotBooked: lazy_gettext("They have no seat and no place on the list any more"),
    operations.NoOffer: lazy_gettext("The offer ran out, or somebody took it back"),
    operations.NoSeat: lazy_gettext("Every seat is held. Choose an open offer to take back, or add a seat."),
    operations.NotHeldYet: lazy_gettext("The register opens on the last day of the course"),
    operations.OwnAttendance: lazy_gettext("Somebody else must enter that you attended"),
}


@bp.route("/training/dates/<int:number>/book", methods=["GET", "POST"])
@needs("booking.create")
@commits
def book(number: int) -> Any:
    line = pages.wanted_date(number)
    form, search = BookForm(), PeopleSearch()
    if form.validate_on_submit():
        chosen = form.staff.data or []
        if not chosen:
            form.refuse("staff", _("Choose at least one person"))
        elif any(code not in visible_staff("booking.create") for code in chosen):
            abort(404)
        elif answer := _book(line, chosen, form):
            return answer
    people, more = pages.people_to_book(line, search.q.data or "")
    return render_template(
        "training/book.html",
        form=form,
        search=search,
        line=line,
        people=people,
        more=more,
        closed=words.closed_because(line, at=g.at),
        words=words,
    )


def _book(line: DateLine, chosen: list[str], form: BookForm) -> Any:
    session, known = db_session(), staff_ids(db_session(), chosen)
    try:
        found = once(
            session,
            "training.book",
            form.once.data,
            lambda: operations.book(
                session, course_date_id=line.id, staff_ids=list(known.values()), by=g.actor.by, at=g.at
            ),
            by=g.actor.by,
            at=g.at,
        )
    except Hindered as hindered:
        _say_hindrances(form, "staff", hindered, chosen)
        return None
    except DateClosed:
        form.refuse("staff", words.closed_because(line, at=g.at) or str(FAULTS[DateClosed]))
        return None
    called = names(session, chosen)
    states = {called[code]: BookingState(found[str(staff_id)]) for code, staff_id in known.items()}
    flash(_told(states, oneself=chosen == [g.actor.staff_code]), "success")
    return redirect(link("training.show", number=line.id))


def _told(found: dict[str, BookingState], *, oneself: bool) -> str:
    """What came of a booking, by name."""
    if oneself:
        waiting = BookingState.WAITING in found.values()
        return _("You are on the waiting list") if waiting else _("You have a seat")
    told = []
    if seated := [name for name, state in found.items() if state != BookingState.WAITING]:
        told.append(_("Booked: %(names)s.", names=", ".join(seated)))
    if waits := [name for name, state in found.items() if state == BookingState.WAITING]:
        told.append(_("On the waiting list: %(names)s.", names=", ".join(waits)))
    return " ".join(told)


def _say_hindrances(form: Any, field: str, hindered: Hindered, codes: list[str]) -> None:
    known = {staff_id: code for code, staff_id in staff_ids(db_session(), codes).items()}
    called = names(db_session(), codes)
    for staff_id, found in hindered.by_staff.items():
        form.refuse(field, f"{called[known[staff_id]]}: {words.hindrances(found)}")


@bp.route("/training/dates/<int:number>/people/<staff>", methods=["GET", "POST"])
@needs("booking.cancel", person="staff")
@commits
def booking(number: int, staff: str) -> Any:
    line = pages.wanted_date(number)
    form = SeatForm()
    if form.validate_on_submit():
        try:
            return _change_seat(line, staff, form)
        except Hindered as hindered:
            _say_hindrances(form, "reason", hindered, [staff])
        except BookingRefused as refused:
            form.form_errors.append(str(FAULTS[type(refused)]))
    found = next((each for each in booking_lines(db_session(), number) if each.staff == staff), None)
    return render_template(
        "training/booking.html",
        form=form,
        line=line,
        booking=found,
        name=names(db_session(), [staff])[staff],
        staff=staff,
        mine=staff == g.actor.staff_code,
        reason=words.kept_reason(found.reason, pages.names()) if found else "",
        offered=found is not None and found.offer_stands(at=g.at),
        over=line.starts_at <= g.at,
        words=words,
    )


def _change_seat(line: DateLine, staff: str, form: SeatForm) -> Any:
    session = db_session()
    about = {"course_date_id": line.id, "staff_id": staff_ids(session, [staff])[staff]}
    if form.do.data == "take":
        require("booking.create", person=staff)
        operations.accept_offer(session, **about, by=g.actor.by, at=g.at)
        flash(_("The seat is taken"), "success")
    elif form.do.data != "cancel":
        abort(400)
    else:
        reason = form.reason.data or None
        was = {each.staff: each.state for each in booking_lines(session, line.id)}
        found = operations.cancel_booking(session, **about, reason=reason, by=g.actor.by, at=g.at)
        flash(words.given_up(was[staff], found), "success")
    return redirect(link("training.show", number=line.id))


@bp.route("/training/dates/<int:number>/give-seat", methods=["GET", "POST"])
@needs("session.create")
@commits
def give_seat(number: int) -> Any:
    line = pages.wanted_date(number)
    if not pages.runs(line, "session.create"):
        if request.method == "POST":
            abort(403)
        flash(_("Somebody else runs this date. You can look at it here."))
        return redirect(link("training.show", number=number))
    page = pages.date_page(line)
    waiting = [each.booking for each in page.queue if each.booking]
    offers = [each.booking for each in page.attendees if each.booking.state is BookingState.OFFERED]
    form = GiveForm()
    form.staff.choices = choices([(each.staff, each.name) for each in waiting])
    form.instead_of.choices = choices([(each.staff, each.name) for each in offers])
    if form.validate_on_submit():
        try:
            _give(line, waiting, offers, form)
            flash(_("The seat is given, and who gave it and why is on record"), "success")
            return redirect(link("training.show", number=number))
        except Hindered as hindered:
            _say_hindrances(form, "staff", hindered, [form.staff.data])
        except BookingRefused as refused:
            form.refuse("staff", str(FAULTS[type(refused)]))
    return render_template(
        "training/give_seat.html",
        form=form,
        line=line,
        page=page,
        words=words,
        full=not line.free and not offers,
    )


def _give(line: DateLine, waiting: list[BookingLine], offers: list[BookingLine], form: GiveForm) -> None:
    to = next(each for each in waiting if each.staff == form.staff.data)
    instead = next((each for each in offers if each.staff == form.instead_of.data), None)
    operations.give_seat(
        db_session(),
        course_date_id=line.id,
        staff_id=to.staff_id,
        instead_of=instead.staff_id if instead else None,
        reason=form.reason.data,
        by=g.actor.by,
        at=g.at,
    )


@bp.route("/training/dates/<int:number>/register", methods=["GET", "POST"])
@needs("training.record_attendance")
@commits
def register(number: int) -> Any:
    line = pages.wanted_date(number)
    if not pages.runs(line, "training.record_attendance"):
        if request.method == "POST":
            abort(403)
        flash(_("Somebody else teaches this date. You can look at it here."))
        return redirect(link("training.show", number=number))
    every = [
        each for each in booking_lines(db_session(), number) if each.state in (BookingState.BOOKED, *OUTCOMES)
    ]
    people = [each for each in every if each.staff != g.actor.staff_code]
    form = register_form(people)
    if form.validate_on_submit():
        try:
            if answer := _register(line, people, form):
                return answer
        except BookingRefused as refused:
            form.form_errors = [*form.form_errors, str(FAULTS[type(refused)])]
    return render_template(
        "training/register.html",
        form=form,
        line=line,
        rows=[form[field_of(each)] for each in people],
        left_out=len(every) - len(people),
        open=pages.register_open(line),
        words=words,
    )


def _register(line: DateLine, people: list[BookingLine], form: Any) -> Any:
    entered = {each.staff_id: BookingState(form[field_of(each)].data) for each in people}
    if form.rest.data == BookingState.ATTENDED:
        entered = {
            staff_id: BookingState.ATTENDED if outcome is BookingState.BOOKED else outcome
            for staff_id, outcome in entered.items()
        }
    if all(outcome is BookingState.BOOKED for outcome in entered.values()):
        form.form_errors = [*form.form_errors, _("Choose what became of at least one person")]
        return None
    changed = operations.record_attendance(
        db_session(), course_date_id=line.id, outcomes=entered, by=g.actor.by, at=g.at
    )
    passed = sum(outcome is BookingState.ATTENDED for outcome in entered.values())
    saved = ngettext("%(num)s entry saved", "%(num)s entries saved", changed)
    now = ngettext("%(num)s person has passed", "%(num)s people have passed", passed)
    flash(_("%(saved)s. %(now)s: it is on record as their learning.", saved=saved, now=now), "success")
    return redirect(link("training.show", number=line.id))
