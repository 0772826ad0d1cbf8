"""Commands for those who write or mend a source: ``try``, ``new-source``."""

import typer

commands = typer.Typer()
