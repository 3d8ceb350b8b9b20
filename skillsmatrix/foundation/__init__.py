"""The ground floor: clock, paths, settings, database. Knows nothing of staff or training."""
