"""What must never happen: a class that loses words, shows them to others, or stands before a server that is gone."""
