"""Meetings and recommendations, as their viewers may see them."""
