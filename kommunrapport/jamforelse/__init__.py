"""Jämför två inlämningar, två perioder eller två körningar: vad som har ändrats, hur mycket och varför."""
