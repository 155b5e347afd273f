"""A workspace kept well: backups and the way back, its health, its place, who has it open."""
