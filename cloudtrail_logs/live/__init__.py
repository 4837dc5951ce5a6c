"""Asks AWS, read-only. Only here is boto3 used; it is loaded with the first question."""
