"""Bringing in: a file or pasted text waits, is checked and corrected, and becomes a draft on the desk."""
