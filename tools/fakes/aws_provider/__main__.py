"""Serve the stand-in: `python -m tools.fakes.aws_provider [ENGINE_ADDRESS]`."""

from tools.fakes.aws_provider.server import serve

if __name__ == "__main__":
    serve()
