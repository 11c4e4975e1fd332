"""What an administrator sets: the word of an agency in document numbers, its promises, working days."""
