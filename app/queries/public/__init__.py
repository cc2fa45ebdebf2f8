"""What everybody may see: the pages of progress, and their counts."""
