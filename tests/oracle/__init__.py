"""CPython as the judge: generated programs are executed over every choice, and what leaked is held against leaklint."""
