"""Measurements of the service on ten thousand made-up actions, beside a bare one; no part of the service itself."""
