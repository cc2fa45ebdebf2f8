"""What every verb stands on: the record, the queue, keys and limits, counts and what follows from them."""
