"""How the intent classifier that ships was made: ``python -m bot.training DATA_FOLDER``."""
