"""A visitor for .ci/run, with nothing but Python: waits for the site, signs in, fingerprints it."""

import hashlib
import http.cookiejar
import os
import re
import sqlite3
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

SECONDS = 300


def wait(address: str, process: str) -> None:
    """Until the address answers with 200, for as long as the process is there."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if not Path("/proc", process).exists():
            sys.exit(f"the program ended before {address} answered")
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                if answer.status == 200:
                    return
        except urllib.error.HTTPError as error:
            sys.exit(f"{address} answered {error.code}")
        except OSError:
            time.sleep(0.1)
    sys.exit(f"{address} did not answer in {SECONDS} s")


def sign_in(address: str) -> None:
    """Use every sign-in that was printed (on standard input); each leads to a page with a way to sign out."""
    printed = sys.stdin.read()
    password = re.search(r"^Sign in to the demonstration with the password: (.+)$", printed, re.MULTILINE)
    emails = re.findall(r"^  (\S+@\S+)", printed, re.MULTILINE)
    if not password or len(emails) < 2 or f"Serving at {address}" not in printed:
        sys.exit("the address and the sign-ins of the demonstration were not printed")
    for email in emails:
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        browser = urllib.request.build_opener(jar)
        form = browser.open(f"{address}/sign-in", timeout=30).read().decode()
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
        if not token:
            sys.exit("the sign-in form has no token")
        fields = {"csrf_token": token[1], "email": email, "password": password[1]}
        answer = browser.open(f"{address}/sign-in", urllib.parse.urlencode(fields).encode(), timeout=60)
        page = answer.read().decode()
        if answer.status != 200 or answer.url.endswith("/sign-in") or "Sign out" not in page:
            sys.exit(f"{email} could not sign in: {answer.status} {answer.url}")
    print(f"signed in as {len(emails)} people")


def state() -> None:
    """One line that changes when the environment or anything in the database does."""
    database = sqlite3.connect("file:instance/skillsmatrix.db?mode=ro", uri=True)
    rows = hashlib.sha256("\n".join(database.iterdump()).encode()).hexdigest()
    files = sorted(
        f"{path}:{path.stat().st_mtime_ns}" for path in Path(".setup").rglob("*") if path.is_file()
    )
    kept = [line for line in files if "__pycache__" not in line and "/cache/fonts/" not in line]
    print(rows[:16], hashlib.sha256(os.linesep.join(kept).encode()).hexdigest()[:16])


if __name__ == "__main__":
    task, *arguments = sys.argv[1:]
    {"wait": lambda: wait(*arguments), "sign-in": lambda: sign_in(arguments[0]), "state": state}[task]()
