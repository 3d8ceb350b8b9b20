"""Importing a data package: hand it in, look at what it would do, then do all of it or nothing."""

from skillsmatrix.web.imports.files import init_imports
from skillsmatrix.web.imports.routes import bp

__all__ = ["bp", "init_imports"]
