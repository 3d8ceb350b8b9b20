"""Where the project's folders are; nothing else may work this out."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
TEMPLATES = PROJECT / "templates"
MIGRATIONS = PROJECT / "migrations"
SEED = PROJECT / "seed"
INSTANCE = PROJECT / "instance"
