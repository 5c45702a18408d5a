"""How fast the site is, measured on this machine against a rival served in the same run.

`python -m benchmarks` runs all, `python -m benchmarks NAME` one. Each prints a table and, as its
last line, one JSON object. Machines are noisy, so every round asks for everything once, each
figure is a ratio within its round, and the median of the rounds is reported with its spread.
Cities are built once and kept in `build/bench/`.
"""
