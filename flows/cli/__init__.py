"""The command line: ``entrepot``."""
