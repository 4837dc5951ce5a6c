"""How often Python looks for garbage in the pack and its commands."""

import gc


def collect_seldom() -> None:
    """Lets Python look for garbage seldom, in this process.

    The objects for every resource of a stack live until it is judged. To look through them again and again takes a
    third of a large stack's time, and finds next to nothing.
    """
    gc.set_threshold(200_000)
