"""Formats in and out: the data package as folder, zip and workbook. Knows nothing of the database."""
