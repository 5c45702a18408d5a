"""The heart: micro-wishes on a station's wall, claimed and fulfilled.

open ──claim──▶ claimed ──deliver──▶ delivered ──confirm──▶ confirmed
A release, a time-out or a reopening makes it open again; an open wish may expire, an open or
claimed one may be withdrawn, and a keeper may hide any of them with a reason its author reads.

Each arrow is one verb on `models.Wish`. It compares and sets the state in the database, writes
the fact as a row of its own (`facts`), the trail and the notices, all in the caller's one
transaction. `rules` holds the figures, `timers` what time does, `policy` who may do what.
"""
