"""The answers: one module a policy, by the stem of its name. Imports the model, IAM and the configuration."""
