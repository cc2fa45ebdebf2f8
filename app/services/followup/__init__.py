"""What becomes of a recommendation: actions, who owes them, what is said, proved and decided of them, how they end."""
