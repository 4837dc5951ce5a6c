"""Who may do what, told from IAM documents. Imports the model."""
