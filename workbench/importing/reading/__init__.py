"""What a file holds, whoever wrote it: its tables, and cells as dates, durations and values."""
