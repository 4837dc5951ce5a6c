"""What the rules judge and answer, as plain values. Imports no other room."""
