"""Keeping a home folder over the years: backups, what is made of them, and what is removed with time."""
