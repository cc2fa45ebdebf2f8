"""Who sees which rows, and how lists are cut, ordered and locked: what every other query starts from."""
