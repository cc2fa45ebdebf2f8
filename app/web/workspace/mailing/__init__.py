"""What goes out and what went; in the demo, the mailbox of everybody."""
