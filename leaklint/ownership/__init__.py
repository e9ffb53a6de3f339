"""Who owns: what functions give, take, keep and release, across a project's functions, classes and files."""
