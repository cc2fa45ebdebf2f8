"""Tatbiq: what public meetings recommend becomes actions with owners, deadlines and a public record."""
