"""Tillgänglighetsgranskningen: prövar färdiga dokument och säger vad som hindrar den som läser dem med hjälpmedel."""
