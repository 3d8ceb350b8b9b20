"""The contract's promises as cases, asked of the oracle and of the product alike."""
