"""A year in a minute: the program on a virtual clock against the simulator.

``tools/year.py`` runs station-years and prints the table; the tests here run chosen
days of them.  ``program`` is the tray without its widgets, ``plants`` are the places,
parts, habits and weather, ``faults`` what is planted, ``judge`` compares what was said
with what was true, ``station_year`` puts them together, and ``promises`` says what must
come of it.
"""
