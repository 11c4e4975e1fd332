"""Golden questions (核验问题): kept in the product, and asked of every release before the public sees it."""
