"""From the resources of a stack to the model, whoever read them. Imports the model and IAM."""
