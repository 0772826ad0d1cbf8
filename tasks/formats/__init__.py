"""Readers of forms that several publishers use: SDMX, JSON-stat, printed numbers, CSV text."""
