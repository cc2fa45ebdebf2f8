"""What comes in by mail: doors (IMAP, LMTP), and pure readers of what came; what it means is decided by services."""
