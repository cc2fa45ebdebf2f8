"""What the set-up rooms and their forms show of programmes, bodies, posts and people."""
