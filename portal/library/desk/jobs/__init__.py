"""Jobs of publishing: what a publisher asked for is done behind the pages; the record says how far it is."""
