"""Reads: SQL in, frozen facts and page rows out. Never writes, never decides."""
