"""Whole cases in one file (案卷): made for the archive and for the party, and proved unchanged."""
