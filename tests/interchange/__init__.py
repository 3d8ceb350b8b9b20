"""The data package: what is read, what is refused and how it is told, what is written."""
