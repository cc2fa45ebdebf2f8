"""The follow-up of actions: the desk, my actions, the list, one dossier with all that is done on it."""
