"""The commands, one module each, and what they share at the edge to the person who calls."""
