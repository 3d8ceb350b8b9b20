"""Facts in, bytes out: pages, signatures and badges. No database, no clock, no network."""
