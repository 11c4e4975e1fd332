"""Parties that sign in, where an agency has an identity service: one way more to one's own applications."""
