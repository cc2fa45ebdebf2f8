"""Measurements of the service on a made-up national programme; nothing here is part of the service."""
