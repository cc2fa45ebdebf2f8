"""Meetings and recommendations of a secretariat: lists, making and editing, publishing, closing."""
