"""The rules of the contract, written once: no clock, no input or output, standard library only."""
