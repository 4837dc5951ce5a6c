"""Judges the states of many stacks at once, and writes what it found. Imports all rooms but `pulumi`."""
