"""What keeps the service whole: backups and drills, the record read again, signs of life."""
