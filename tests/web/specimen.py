"""A page with one of everything: every field, every component, so that all of them can be looked at."""

from typing import Any

from flask import Flask, render_template_string
from wtforms import (
    BooleanField,
    EmailField,
    FileField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange

from skillsmatrix.web.shared.forms import DayField, OnceForm, OneLine, WholeNumberField, choices
from skillsmatrix.web.shared.guards import any_account
from skillsmatrix.web.shared.standings import STANDINGS
from skillsmatrix.web.shared.transactions import commits

CHOICES = [("a", "First"), ("b", "Second")]
NEEDED = [InputRequired("Say something")]


class SpecimenForm(OnceForm):
    """One field of each kind; each is required where it can be."""

    name = StringField("Name", description="As on the badge", validators=[*NEEDED, OneLine(longest=20)])
    email = EmailField("Mail", validators=NEEDED)
    secret = PasswordField("Secret", validators=NEEDED)
    number = WholeNumberField("Number", validators=[InputRequired("Enter a number"), NumberRange(1, 99)])
    held_on = DayField("Day held", validators=[InputRequired("Enter the day")])
    note = TextAreaField("Note", validators=NEEDED)
    place = SelectField("Place", choices=choices([("", "Choose"), *CHOICES]), validators=NEEDED)
    kind = RadioField("Kind", choices=choices(CHOICES), validators=[InputRequired("Choose a kind")])
    several = SelectMultipleField("Several", choices=choices(CHOICES), validators=NEEDED)
    agreed = BooleanField("I have checked this", description="Both of you", validators=NEEDED)
    file = FileField("File")


PAGE = """
{% extends "base.html" %}
{% from "components/standing.html" import standing, standings_key %}
{% from "components/table.html" import data_table %}
{% from "components/day.html" import day_picker, as_on %}
{% from "components/pagination.html" import pagination %}
{% block before_content %}{{ kit.back_link({"href": "/", "text": "Back"}) }}{% endblock %}
{% block heading %}One of everything{% endblock %}
{% block content %}
{{ as_on(asked_on, today) }}
{{ day_picker(asked_on, today) }}
<section class="app-hard-stops"><h2 class="nhsuk-heading-m app-hard-stops__title">Not safe to run</h2>
<ul><li>Ligature rescue: 1 of 2</li></ul></section>
<p>{% for code in codes %}{{ standing(code, detail="28 Feb 2027") }} {% endfor %}</p>
{{ standings_key(codes) }}
{{ data_table("cover", "Cover", ["Need", {"text": "Held", "numeric": true}, "Share"],
   [["Fire", 3, fraction(37, 41)], ["Water", 0, fraction(0, 0)]]) }}
<div class="app-matrix-frame" role="region" aria-labelledby="matrix-caption" tabindex="0">
<table class="app-matrix" data-arrow-keys><caption id="matrix-caption">People and what they need</caption>
<thead><tr><th scope="col">Person</th>
{% for code in codes %}<th scope="col">Competency {{ loop.index }}</th>{% endfor %}</tr></thead>
<tbody>{% for row in range(20) %}<tr><th scope="row"><a href="/">Person number {{ row }}</a></th>
{% for code in codes %}{% if loop.index == 3 %}<td class="app-cell app-cell--none">Not required</td>{% else %}
<td class="app-cell app-standing--{{ code }}">
<a class="app-cell__open" href="#matrix-caption">
<span class="app-cell__word">{{ standing_words(code).word }}</span></a>
<span class="app-cell__detail">28 Feb 2027</span></td>
{% endif %}{% endfor %}</tr>{% endfor %}</tbody></table></div>
<h2 class="nhsuk-heading-m">A form</h2>
<form method="post" enctype="multipart/form-data" novalidate>
{{ hidden_fields(form) }}
{% for name in names %}{{ form_field(form[name]) }}{% endfor %}
{{ submit("Save") }}
</form>
{{ pagination(2, 3) }}
{% endblock %}
"""


def add_specimen(app: Flask) -> list[SpecimenForm]:
    """Serve the page at /specimen; the list collects each form that was taken."""
    taken: list[SpecimenForm] = []

    def view() -> Any:
        form = SpecimenForm()
        if form.validate_on_submit():
            taken.append(form)
            return "", 302, {"Location": "/account"}
        names = [field.name for field in form if field.type not in {"CSRFTokenField", "HiddenField"}]
        return render_template_string(PAGE, form=form, names=names, codes=list(STANDINGS))

    app.add_url_rule("/specimen", "specimen", any_account(why="test")(commits(view)), methods=["GET", "POST"])
    return taken
