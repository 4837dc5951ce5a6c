"""How a verdict is explained, and how much of it fits. Imports the model and the configuration."""
