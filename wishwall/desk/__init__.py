"""The staff's desk: what waits for a keeper or an organiser, and what only they may do."""
