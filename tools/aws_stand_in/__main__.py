"""Serve the stand-in: `python -m tools.aws_stand_in [ENGINE_ADDRESS]`."""

from tools.aws_stand_in.server import serve

if __name__ == "__main__":
    serve()
