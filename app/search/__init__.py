"""The analyser: what is typed and what is kept become the same tokens, in Arabic, French and English alike."""
