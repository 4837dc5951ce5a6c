"""What users set: settings, exemptions, templates. Imports the model."""
