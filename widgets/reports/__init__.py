"""Reports: made for a class or a school, opened, printed, kept."""
