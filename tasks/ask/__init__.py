"""Questions about what is published: where a figure comes from, what a name means, what state a source is in."""
