"""Koncernens räkneplaner: kommun + andel av bolag och förbund − elimineringar = koncern, för varje räkning.

Varje led är ett steg: enhetens poster förs till kommunens rader, ägarandelen tas, båda sidors uppgifter om ett
mellanhavande hämtas, regeln väljer vad som elimineras, och räkningen summerar. Därför kan en koncernsiffra följas
genom andel och eliminering till cellerna hos båda parter.
"""
