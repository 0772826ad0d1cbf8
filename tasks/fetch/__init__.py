"""Pulling from publishers' services: politely, and without trusting their answers. The entry is ``tasks.fetch.pull.pull``."""
