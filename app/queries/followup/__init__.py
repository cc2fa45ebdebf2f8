"""Actions, as those see them who owe, chase or verify them: the desk, my actions, the list, one dossier."""
