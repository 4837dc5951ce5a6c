"""The answers: a module with the stem of each policy's name. Imports the model, IAM and the configuration."""
