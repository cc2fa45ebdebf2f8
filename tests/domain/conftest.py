"""What the pure tests share: examples may be slow on a busy machine without being wrong."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
