"""Letters from example facts, of every kind and in every situation that a sentence is said in."""
