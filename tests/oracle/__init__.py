"""A second, independent reading of the contract, slow and literal, to hold the product against.

Nothing here imports the product: where the two agree, two people have read the rules the same way.
"""
