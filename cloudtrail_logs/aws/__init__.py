"""The calls to AWS, all of them read-only; only here is boto3 used. Imports the model and IAM."""
