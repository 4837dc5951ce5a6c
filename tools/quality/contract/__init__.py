"""`make contract`: whether what the pack knows of pulumi-aws, pulumi-aws-native and botocore is still so.

The packages are read, never imported. The any-Terraform provider has no package of types to read: its rows in the
tables are those of pulumi-aws under its own tokens, which a unit test holds them to.
"""
