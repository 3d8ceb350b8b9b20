"""The web application for a WSGI server: `gunicorn wsgi:app`."""

import os

from config import settings_from_environment
from skillsmatrix.app import create_app
from skillsmatrix.foundation.processes import keep_for_good

app = create_app(settings_from_environment(os.environ))
keep_for_good()
