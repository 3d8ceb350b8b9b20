"""Where the services of the invented organisation lie; no package says it (decision 0028)."""

from pathlib import Path

from skillsmatrix.demonstration.seedfiles import read_rows


def demonstration_regions(seed_folder: Path) -> dict[str, str]:
    """Service → region; a service that is not named has none stated."""
    return {row["service"]: row["region"] for row in read_rows(seed_folder / "demo" / "regions.csv")}
