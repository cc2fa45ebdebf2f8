"""An example of each kind of mail, and of each shape of the weekly one."""

from app.mail.specimens import letters, weeks

LETTERS = {**letters.LETTERS, **weeks.LETTERS}
