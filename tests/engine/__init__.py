"""The rules at scale, held to the rules for one person and one day."""
