"""How Python moves: functions lowered to a small program, interpreted with sets of states along every way out."""
