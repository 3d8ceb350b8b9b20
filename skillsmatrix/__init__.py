"""Who may do what, today, in every service."""
