"""What is owed to whom, what mails tell, what goes out and what went."""
