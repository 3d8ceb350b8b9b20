"""Writes: one function for each thing that a person or the nightly run does; `by=` whom, `at=` when."""
