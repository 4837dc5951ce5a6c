"""The commands of the pack that need neither Pulumi's CLI nor this repository: they are in the one file too."""
