"""Who takes part: programmes, bodies, posts and their holders, people with their roles, and how they get in."""
