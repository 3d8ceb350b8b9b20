"""Security headers on every answer, errors included (OWASP ASVS 5.0.0, 3.4)."""

from typing import Final

from flask import Flask, Response, g

from skillsmatrix.foundation.settings import Settings

POLICY: Final = "; ".join((
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
))  # fmt: skip
ALWAYS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # our own pages need it: the check of forged forms looks at it
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
HSTS: Final = "max-age=31536000; includeSubDomains"


def init_headers(app: Flask, settings: Settings) -> None:
    """Add the headers last, to whatever any other step made of the answer."""

    def add(response: Response) -> Response:
        said = {name.lower() for name, _value in response.headers}
        response.headers.extend([each for each in ALWAYS.items() if each[0].lower() not in said])
        if settings.secure_cookies:
            response.headers["Strict-Transport-Security"] = HSTS
        if g.get("actor") is not None or "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"  # nothing stays on a shared computer
        return response

    app.after_request(add)
