"""Mutated files: whatever happens to a file on its way to a user, reading it ends in a fault, a quarantine or its figures."""
