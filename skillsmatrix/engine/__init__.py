"""The rules at scale: arrays in, arrays out. Knows no tables, no pages, no names."""
