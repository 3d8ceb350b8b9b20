"""How fast the matrix is, against what people would write: `python3 -m benchmarks --size M`."""
