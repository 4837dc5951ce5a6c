"""Serve the stand-in: `python -m tools.fakes.pulumi_cloud [--port N] [--organization NAME]`."""

import argparse
import shlex
import signal

from tools.fakes.pulumi_cloud.server import running_pulumi_cloud

ENDINGS = {signal.SIGINT, signal.SIGTERM}


def main() -> None:
    """Print what a shell has to `eval` to use the stand-in, and serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m tools.fakes.pulumi_cloud", description=main.__doc__)
    parser.add_argument("--port", type=int, default=0, help="a free one unless given")
    parser.add_argument("--organization", default="acme")
    chosen = parser.parse_args()
    # Blocked before any thread starts, so that this one gets them.
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    with running_pulumi_cloud(chosen.organization, chosen.port) as cloud:
        for name, value in cloud.environment.items():
            print(f"export {name}={shlex.quote(value)}", flush=True)
        signal.sigwait(ENDINGS)


if __name__ == "__main__":
    main()
