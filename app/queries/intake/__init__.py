"""Reports under review, and the page on which they are reviewed."""
