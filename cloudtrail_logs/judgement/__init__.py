"""The trails of a stack, whoever hands its resources over; imports what reads stacks and templates, no SDK."""
