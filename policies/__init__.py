"""The policies, one file each: its question, its metadata, a thin validator."""
