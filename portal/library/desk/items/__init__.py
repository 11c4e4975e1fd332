"""Lists item by item on the desk: conduct, effect, typed conditions, and the cases that try them."""
