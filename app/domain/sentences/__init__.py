"""What pages say that is computed: pure functions from plain facts to messages, a subject a file."""
