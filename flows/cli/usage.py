"""What is wrong with how a command was called."""

import typer


class WrongUsage(typer.BadParameter):
    """Wrong usage, exit status 2, with a message that needs nothing before it: typer writes "Invalid value" before others."""

    def format_message(self) -> str:
        """The message, with the home folder in the commands that it names."""
        from flows.cli import terminal  # which reads the options of this call

        return terminal.complete_hints(self.message)
