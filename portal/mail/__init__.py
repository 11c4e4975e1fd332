"""Mail: what acts leave in the outbox within their own commit, and a courier that takes it from there."""
