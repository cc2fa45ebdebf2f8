"""What is written to people: reminders and digests planned, letters written, envelopes delivered."""
