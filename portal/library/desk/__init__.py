"""The editors' desk: knowledge is written, reviewed and published, each by another person."""
