"""The digest in words: a sentence for each line, where it leads, and the whole as a plain text mail."""

from collections.abc import Iterable
from datetime import date
from textwrap import fill
from typing import Final
from urllib.parse import quote, urlencode

from skillsmatrix.domain.digest import (
    OVER,
    TOLD_TO_HEAD_AFTER,
    TOLD_TO_MANAGER_AFTER,
    Line,
    Part,
    Section,
    Topic,
)
from skillsmatrix.domain.explanation import in_words
from skillsmatrix.domain.supervision import kind_in_words
from skillsmatrix.domain.supervision_ladder import Rung
from skillsmatrix.foundation.address_parts import address_part

DIGEST_PATH: Final = "/digest"
WIDTH: Final = 76

HEADINGS: Final = {
    Section.COVER: "What your services lack",
    Section.DECISIONS: "What waits for you",
    Section.PEOPLE: "People who need you",
    Section.YOU: "For yourself",
}

# What the link does, said before what it is about.
DOES: Final = {
    Topic.UNSAFE: "See who could close it",
    Topic.SHORT_SOON: "See who could close it",
    Topic.DOUBT: "Decide",
    Topic.COUNTERSIGN: "Read and sign",
    Topic.CLAIM: "Accept or refuse",
    Topic.ATTEMPTS_USED: "Decide",
    Topic.RULE_CHANGE: "Look at it",
    Topic.NO_SUPERVISOR: "Agree on somebody",
    Topic.TO_ASSESS: "Open the form",
    Topic.REGISTER: "Enter who attended",
    Topic.TOLD: "See what would close it",
    Topic.SUPERVISION: "Open their supervision",
    Topic.REGISTRATION: "Open the record",
    Topic.NOT_HELD: "See what would close it",
    Topic.RUNNING_OUT: "See how to renew it",
    Topic.SEAT_OFFERED: "Answer the offer",
    Topic.CLAIM_REFUSED: "Read why",
    Topic.OWN_SUPERVISION: "Open your supervision",
    Topic.OWN_REGISTRATION: "Open your record",
    Topic.ACTION: "Open it",
    Topic.COURSE: "See the details",
}

_PATHS: Final = {
    Topic.UNSAFE: "/services/{service}/needs/{competency}",
    Topic.SHORT_SOON: "/services/{service}/needs/{competency}",
    Topic.DOUBT: "/assessments/decisions",
    Topic.COUNTERSIGN: "/people/{staff}/assessments/{number}/countersign",
    Topic.CLAIM: "/people/{staff}/claims/{number}",
    Topic.ATTEMPTS_USED: "/people/{staff}/assessments/ask",
    Topic.RULE_CHANGE: "/rules/changes/{number}",
    Topic.NO_SUPERVISOR: "/people/{staff}/supervision/agree",
    Topic.TO_ASSESS: "/people/{staff}/assessments/new/{competency}",
    Topic.REGISTER: "/training/dates/{number}/register",
    Topic.TOLD: "/people/{staff}/competencies/{competency}",
    Topic.SUPERVISION: "/people/{staff}/supervision",
    Topic.REGISTRATION: "/people/{staff}/records",
    Topic.NOT_HELD: "/me/competencies/{competency}",
    Topic.RUNNING_OUT: "/me/competencies/{competency}",
    Topic.SEAT_OFFERED: "/training/dates/{number}/people/{staff}",
    Topic.CLAIM_REFUSED: "/people/{staff}/claims/{number}",
    Topic.OWN_SUPERVISION: "/people/{staff}/supervision",
    Topic.OWN_REGISTRATION: "/me",
    Topic.ACTION: "/people/{staff}/supervision",
    Topic.COURSE: "/training/dates/{number}",
}

# `on` in words is `day`; `since` is "since", or "from" for a day to come.
_SENTENCES: Final = {
    Topic.UNSAFE: "{place} is not safe to run this: {title}. {held} of {needed} needed hold it.",
    Topic.SHORT_SOON: "{place} will be short from {day}: {title}, {held} of {needed} needed.",
    Topic.DOUBT: "{name}: their sign-off in {title} is in doubt since {day}. Decide whether it stands.",
    Topic.COUNTERSIGN: "{name}: {title} was seen on {day} and waits for your signature.",
    Topic.CLAIM: "{name} handed in a certificate for {title} on {day}. Accept or refuse it.",
    Topic.ATTEMPTS_USED: "{name} has used all attempts in {title}. Decide whether there are more.",
    Topic.RULE_CHANGE: "{name} drafted a change to the rules about {title}, from {day}. Approve or drop it.",
    Topic.NO_SUPERVISOR: "{name} has nobody for {kind} supervision {since} {day}.",
    Topic.TO_ASSESS: "See {name} at work: {title}{by_day}.",
    Topic.REGISTER: "{title}, {day}: who came is not entered yet.",
    Topic.TOLD: "{name}: {title} is a hard stop and not in order. It was so on the last {told} Mondays too,"
    " so it comes to you.",
    Topic.REGISTRATION: "{name}: the {title} registration {ends} on {day}. Record the new one.",
    Topic.NOT_HELD: "Put right: {title}.{stop} {detail}{told_next}",
    Topic.RUNNING_OUT: "{title} runs out. {detail}",
    Topic.SEAT_OFFERED: "A seat on {title} is offered to you until {day}. Take it or give it up.",
    Topic.CLAIM_REFUSED: "The certificate that you handed in for {title} was refused on {day}. Read why.",
    Topic.OWN_REGISTRATION: "Your {title} registration {ends} on {day}. Tell HR the new one.",
    Topic.ACTION: "What you agreed in supervision{with_name} {was} due on {day}.",
    Topic.COURSE: "You have a seat on {title} on {day}{at_place}.",
}

_RUNGS: Final = {
    Rung.LAPSED: "{whose} {kind} supervision lapsed on {day}.",
    Rung.OVERDUE: "{whose} {kind} supervision was due on {day}.",
    Rung.DUE: "{whose} {kind} supervision is due today, {day}.",
    Rung.DUE_SOON: "{whose} {kind} supervision is due by {day}.",
}

AHEAD: Final = "For days to come it is assumed that supervision goes on as it does now."

# Where the gap is still to come: the person holds it, or is counted, as things stand.
_TO_COME: Final = (Topic.RUNNING_OUT, Topic.DOUBT, Topic.OWN_REGISTRATION, Topic.REGISTRATION)


def sentence(line: Line, *, on: date) -> str:
    """What is to be done and, where cover hangs on it, what it would mend or break."""
    if line.topic in (Topic.SUPERVISION, Topic.OWN_SUPERVISION):
        text = _supervision(line)
    else:
        text = _SENTENCES[line.topic].format(**_values(line, on))
    return f"{text.strip()}{_effect(line)}"


def looks_ahead(part: Part) -> bool:
    """Does the section say something about a day to come that hangs on supervision (contract V8)."""
    return any(line.topic is Topic.SHORT_SOON for line in part.lines)


def address(line: Line) -> str:
    """The path of the page where it is done, on this site; of a gap to come, as it is on its first day."""
    path = _PATHS[line.topic].format(
        staff=address_part(line.staff),
        competency=quote(line.competency),
        service=address_part(line.service),
        number=line.number,
    )
    if line.topic is Topic.ATTEMPTS_USED:
        return f"{path}?{urlencode({'competency': line.competency, 'level': line.number})}"
    if line.topic is Topic.SHORT_SOON and line.on is not None:
        return f"{path}?{urlencode({'on': line.on.isoformat()})}"
    return f"{path}?{urlencode({'level': line.number})}" if line.topic is Topic.TO_ASSESS else path


def digest_subject(things: int) -> str:
    """The subject says how much there is and nothing about anybody."""
    return f"Your week: {_count(things, 'thing', 'things')} to do"


def digest_body(shown: Iterable[Part], *, on: date, public_url: str) -> str:
    """The digest as the text of a mail; every line with the address where it is done."""
    page = f"{public_url}{DIGEST_PATH}"
    blocks = [_wrapped(f"What there is to do this week, as it stands on {in_words(on)}.")]
    for part in shown:
        blocks.append(HEADINGS[part.section].upper())
        blocks += [_item(line, on, public_url) for line in part.lines]
        if looks_ahead(part):
            blocks.append(_wrapped(AHEAD))
        if part.more:
            blocks.append(f"And {part.more} more:\n{page}")
    blocks.append(
        _wrapped("Once a week, and only when there is something to do. Your list on any day, and whether you")
        + f" get this mail:\n{page}"
    )
    return "\n\n".join(blocks) + "\n"


def _item(line: Line, on: date, public_url: str) -> str:
    return f"{_wrapped(sentence(line, on=on))}\n{public_url}{address(line)}"


def _wrapped(text: str) -> str:
    return fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def _values(line: Line, on: date) -> dict[str, str | int]:
    day = in_words(line.on) if line.on else ""
    over = line.on is not None and line.on < on
    return {
        "place": line.place,
        "title": line.title,
        "name": line.name,
        "detail": line.detail,
        "day": day,
        "kind": _kind(line),
        "held": line.held,
        "needed": line.needed,
        "told": line.told,
        "since": "since" if line.on is not None and line.on <= on else "from",
        "ends": "ran out" if over else "runs out",
        "was": "was" if over else "is",
        "by_day": f", by {day}" if day else "",
        "with_name": f" for {line.name}" if line.name else "",
        "at_place": f", {line.place}" if line.place else "",
        "stop": " It is a hard stop: do not do it until then." if line.hard_stop else "",
        "told_next": _told_next(line.told),
    }


def _supervision(line: Line) -> str:
    whose = "Your" if line.topic is Topic.OWN_SUPERVISION else f"{line.name}:"
    rung = Rung(line.detail)
    text = _RUNGS[rung].format(whose=whose, kind=_kind(line), day=in_words(line.on) if line.on else "")
    if not line.place:
        return text
    if rung is Rung.LAPSED:
        return f"{text} Until a session is held, this must not be used: {line.place}."
    return f"{text} Without a session this will have to stop: {line.place}."


def _told_next(told: int) -> str:
    if told >= TOLD_TO_HEAD_AFTER:
        return f" It was so on the last {told} Mondays: your manager and the head of practice are told too."
    if told >= TOLD_TO_MANAGER_AFTER:
        return f" It was so on the last {told} Mondays: your manager is told too."
    return ""


def _effect(line: Line) -> str:
    """Why it stands so high; a line about cover says it already."""
    missing = line.bearing.hard_stop
    if not missing or line.section is Section.COVER:
        return ""
    ahead = line.topic in _TO_COME and line.detail != OVER
    people = _count(missing, "person", "people")
    if ahead or line.detail in (Rung.OVERDUE, Rung.DUE, Rung.DUE_SOON):
        return f" It would leave a hard stop short of {people}."
    return f" A hard stop is short of {people} here."


def _kind(line: Line) -> str:
    return kind_in_words(line.title)


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
