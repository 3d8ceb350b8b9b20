"""The composition root: settings in, application out. The only module that knows every area."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from skillsmatrix.foundation.paths import TEMPLATES
from skillsmatrix.foundation.settings import Settings
from skillsmatrix.web import (
    access,
    accounts,
    assessments,
    certificates,
    claims,
    competencies,
    home,
    imports,
    me,
    messages,
    outlook,
    people,
    records,
    role_cards,
    rules,
    services,
    supervision,
    training,
    verify,
    what_if,
)
from skillsmatrix.web.shared.account_office import init_account_office
from skillsmatrix.web.shared.assets import init_assets
from skillsmatrix.web.shared.certificate_office import init_certificate_office
from skillsmatrix.web.shared.converters import Code, RowNumber
from skillsmatrix.web.shared.database import init_database
from skillsmatrix.web.shared.errors import init_errors
from skillsmatrix.web.shared.guards import init_guards
from skillsmatrix.web.shared.headers import init_headers
from skillsmatrix.web.shared.kept_pages import init_kept_pages
from skillsmatrix.web.shared.pages import init_pages
from skillsmatrix.web.shared.print_room import init_print_room
from skillsmatrix.web.shared.sign_ins import init_sign_ins

# Every area of the site. A new one is added here, and its link in web/shared/navigation.py.
AREAS = (
    access.bp,
    accounts.bp,
    home.bp,
    services.bp,
    people.bp,
    records.bp,
    me.bp,
    messages.bp,
    outlook.bp,
    role_cards.bp,
    competencies.bp,
    rules.bp,
    imports.bp,
    training.bp,
    claims.bp,
    assessments.bp,
    supervision.bp,
    certificates.bp,
    verify.bp,
    what_if.bp,
)

LARGEST_REQUEST = 64 * 1024 * 1024  # a data package of a large trust, zipped
LARGEST_FORM = 2 * 1024 * 1024
MOST_FORM_PARTS = 2_000


def create_app(settings: Settings) -> Flask:
    """The application for one installation."""
    app = Flask(
        "skillsmatrix",
        template_folder=str(TEMPLATES),
        static_folder=None,  # everything is served by web/shared/assets.py, under its digest
    )
    app.url_map.converters.update({"int": RowNumber, "default": Code, "string": Code})
    _configure(app, settings)
    _trust_proxies(app, settings)
    init_database(app, settings.database_url)
    # After a view these run from the last to the first: the belt looks first, headers go on at the end.
    init_headers(app, settings)
    init_guards(app)
    init_sign_ins(app, settings)
    init_pages(app, settings)
    init_errors(app)
    init_assets(app, settings)
    imports.init_imports(app, settings)
    init_account_office(app, settings)
    init_certificate_office(app, settings)
    init_print_room(app, settings)
    verify.init_limits(app)
    messages.init_messages(app, settings)
    for area in AREAS:
        app.register_blueprint(area)
    init_kept_pages(app)  # the last: it stands before everything
    return app


def _configure(app: Flask, settings: Settings) -> None:
    secure = settings.secure_cookies
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        SESSION_COOKIE_NAME="__Host-skillsmatrix" if secure else "skillsmatrix",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        MAX_FORM_PARTS=MOST_FORM_PARTS,
        PROVIDE_AUTOMATIC_OPTIONS=False,
        WTF_CSRF_TIME_LIMIT=settings.session_absolute_minutes * 60,
        TEMPLATES_AUTO_RELOAD=False,
        UPLOADS_DIR=settings.uploads_dir,
        SCAN_COMMAND=settings.scan_command,
    )


def _trust_proxies(app: Flask, settings: Settings) -> None:
    """Believe X-Forwarded-… from as many proxies as are set up, and from nobody when there are none."""
    hops = settings.proxy_hops
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
