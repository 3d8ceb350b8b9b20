"""The site over a small invented world, and browsers signed in as each of its accounts."""

import gzip
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from skillsmatrix.app import create_app
from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import make_engine, writing
from skillsmatrix.foundation.settings import Settings
from skillsmatrix.models import Account
from skillsmatrix.operations.accounts import sign_in
from skillsmatrix.web.shared.database import db
from tests.databases import PostgresDatabases, SqliteDatabases, migrate
from tests.web import world
from tests.web.page_checker import check_page

ORGANISATION = "Harbour Homes"


def text_of(response: TestResponse) -> str:
    """The page, unzipped where it came zipped."""
    if response.headers.get("Content-Encoding") == "gzip":
        return gzip.decompress(response.data).decode()
    return response.text


class CheckedClient(FlaskClient):
    """A client whose every HTML answer goes through the page checker."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            where = f"{response.request.method} {response.request.path}"
            check_page(text_of(response), where=where, organisation=ORGANISATION)
        return response

    def token(self) -> str:
        """A good token against forged requests, such as every form of this browser's session carries."""
        with self.session_transaction() as cookie:
            raw = cookie.setdefault("csrf_token", secrets.token_hex(20))
        signer = URLSafeTimedSerializer(str(self.application.secret_key), salt="wtf-csrf-token")
        return str(signer.dumps(raw))

    def send(self, path: str, **fields: Any) -> TestResponse:
        """POST a form with a good token."""
        return self.post(path, data={"csrf_token": self.token(), **fields})


def _fill(url: str) -> None:
    migrate(url)
    engine = make_engine(url)
    with writing(engine) as session:
        world.build(session)
    engine.dispose()


@pytest.fixture
def world_url(sqlite_databases: SqliteDatabases) -> Iterator[str]:
    """A database with the world in it, of this test alone."""
    with sqlite_databases.copy(sqlite_databases.template("world", _fill)) as url:
        yield url


@pytest.fixture(scope="session")
def unchanged_world_url(sqlite_databases: SqliteDatabases) -> Iterator[str]:
    """A database with the world in it, for tests that change nothing but the bookkeeping."""
    with sqlite_databases.copy(sqlite_databases.template("world", _fill)) as url:
        yield url


@pytest.fixture
def postgres_world_url(postgres_databases: PostgresDatabases) -> Iterator[str]:
    """The same on PostgreSQL."""
    with postgres_databases.copy(postgres_databases.template("world", _fill)) as url:
        yield url


@pytest.fixture
def world_engine(world_url: str) -> Iterator[Engine]:
    """An engine over the world."""
    engine = make_engine(world_url)
    yield engine
    engine.dispose()


class CompiledTemplates(BytecodeCache):
    """Every test has an application of its own, which need not compile every template again."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


COMPILED_TEMPLATES = CompiledTemplates()


@pytest.fixture(scope="session", autouse=True)
def _builders_of_addresses_kept() -> Iterator[None]:
    """Nor what builds the addresses of its routes: werkzeug compiles two pieces of code for each of them."""
    compiled: dict[Any, Any] = {}
    compile_builder = Rule._compile_builder

    def kept(rule: Rule, append_unknown: bool = True) -> Any:
        key = rule.rule, rule.subdomain, repr(rule.defaults), append_unknown
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", kept)
        yield


def site_over(url: str, folder: Path, **changes: Any) -> Flask:
    """The application over a database, with files of its own in a folder."""
    chosen = {
        "secret_key": "k" * 64,
        "database_url": url,
        "uploads_dir": folder / "uploads",
        "keys_dir": folder / "keys",
        "organisation_name": ORGANISATION,
        **changes,
    }
    app = create_app(Settings(**chosen))
    app.test_client_class = CheckedClient
    app.jinja_env.bytecode_cache = COMPILED_TEMPLATES
    return app


@pytest.fixture
def make_app(world_url: str, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Call it for the application over the world, with any setting that should differ."""
    made: list[Flask] = []

    def make(**changes: Any) -> Flask:
        made.append(site_over(world_url, tmp_path, **changes))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """The application over the world."""
    return make_app()


@pytest.fixture
def client(app: Flask) -> CheckedClient:
    """A browser that nobody has signed in with."""
    return app.test_client()


@pytest.fixture
def browser_of(app: Flask, world_engine: Engine) -> Callable[[str], CheckedClient]:
    """Call it with a persona of the world for a browser signed in as them."""
    return lambda persona: signed_in_client(app, world_engine, persona)


def signed_in_client(app: Flask, engine: Engine, persona: str) -> CheckedClient:
    """A browser with a session opened straight in the database: hashing a password is slow on purpose."""
    with writing(engine) as session:
        account = session.scalars(select(Account).where(Account.email == world.email_of(persona))).one()
        account.disabled_at, shut = None, account.disabled_at
        account.disabled_by, shut_by = None, account.disabled_by
        token = sign_in(
            session,
            account_id=account.id,
            checked_hash=str(account.password_hash),
            by="command:test",
            at=clock.now(),
        )
        account.disabled_at, account.disabled_by = shut, shut_by
    client: CheckedClient = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return client


@dataclass
class Site:
    """The application over a world, and a browser of each account, signed in once."""

    app: Flask
    engine: Engine
    _browsers: dict[str, CheckedClient] = field(default_factory=dict)

    def browser_of(self, name: str) -> CheckedClient:
        if name not in self._browsers:
            self._browsers[name] = signed_in_client(self.app, self.engine, name)
        return self._browsers[name]


@pytest.fixture(scope="session")
def unchanged_site(unchanged_world_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """For what is only read or refused: making a site and signing in anew costs as much again."""
    engine = make_engine(unchanged_world_url)
    app = site_over(unchanged_world_url, tmp_path_factory.mktemp("site"))
    yield Site(app, engine)
    engine.dispose()
    with app.app_context():
        db.engine.dispose()
