"""Reports taken in, and what they propose reviewed."""
