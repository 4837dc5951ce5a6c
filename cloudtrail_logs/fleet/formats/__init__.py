"""How evidence is written: one file a format, each with `written(evidence) -> str`. Only the standard library."""
