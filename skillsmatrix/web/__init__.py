"""The site: one folder for each area, and what they share. Areas do not know each other."""
