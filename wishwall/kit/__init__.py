"""What every feature stands on and what knows none of them.

The database and its one writing transaction, the clock, public ids, errors with words for
people, forms, languages, permissions, idempotent POSTs, rate limits and security headers.
"""
