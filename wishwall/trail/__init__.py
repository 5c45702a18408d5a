"""The record of what happened: who did what to what, and when. Append-only.

A verb writes its trail row in the same transaction as its change. The story on a wish's page,
the notices and, later, the live stream are all made from these rows.
"""
