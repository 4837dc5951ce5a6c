"""From a CloudFormation template to resources that `stack` reads. Imports model, iam and stack."""
