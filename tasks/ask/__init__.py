"""Questions about what is published: where a figure comes from, what a name stands for, what state a source is in."""
