"""The live stream: what has happened, told to every open page.

The trail is the one source. `watching` looks what the trail has got since it last looked, has it
told once for each channel and language, and hands the bytes to `hub`, which owns the open streams
of this process. `bells` wakes the watching of every process; without a bell it looks each second.
`streams` answers a page that wants to listen, and gives its connection to the hub.
"""
