"""People, the roles they act in, departments, and signing in.

A person signs up by telephone as a courier or a volunteer. Officers of a department, keepers
of a station, grid workers and organisers are made by an organiser or from the shell, never by
themselves. A sign-in is a row, a `Visit`: ending it ends the session at once, everywhere.
Telephone numbers stay inside: pages show nicknames, and few of those.
"""
