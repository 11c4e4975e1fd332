"""制定与维护: how a text came about, who answers for it, and what is due after it was published."""
