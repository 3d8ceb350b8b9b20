"""Sets up what the program needs and does not find. Standard library only; everything goes below .setup/."""
