"""What knows no idea of the workbench: words, days, files, how things look."""
