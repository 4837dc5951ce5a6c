"""Who may do what, according to IAM documents. Imports the model."""
