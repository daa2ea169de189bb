"""Alla gränser för inlämnade filer. Meningarna i anmärkningarna skriver ut gränsen som den står här.

En vanlig inlämningsbok är 30 kB, 100 kB uppackad, har 12 blad och läses på några millisekunder.
"""

MAX_BYTE = 60_000_000
"""Filens storlek: en bok med många inklistrade bilder ryms, men läses hel till minnet."""
MAX_UPPACKAT = 200_000_000
"""Allt i filen uppackat: bilder packas inte, så gränsen kan ligga nära filens egen."""
MAX_DEL = 30_000_000
"""En uppackad del: ett blad med omkring 60 000 rader; tolkat tar det tjugo gånger så mycket minne."""
MAX_KVOT = 250
"""Hur hårt en del får vara packad: formaterade tomma rader packas 10–50 gånger, en zipbomb 1 000."""
KVOT_FRAN = 2_000_000
"""Mindre delar får vara hur hårt packade som helst; de ryms ändå."""
MAX_DELAR = 10_000
"""Antal filer i zippen: Excel skriver några tiotal, och en per bild."""
MAX_BLAD = 150
"""Antal blad: de läses vart och ett, och samma del kan anges många gånger."""
MAX_RADER = 100_000
"""Sista rad med innehåll: ett eget blad med huvudbokens rader ryms."""
MAX_KOLUMNER = 1_000
"""Kolumner bortom denna räknas som ett misstag när bladet annars inte ryms."""
MAX_CELLER = 4_000_000
"""Rader gånger kolumner i alla blad: läsaren lägger upp hela rutan i minnet, även tomma celler."""
MAX_TEXT = 200_000_000
"""Tecken i alla celler: en enda lång text kan delas av många celler men kopieras till var och en."""
MAX_SAMMANFOGADE = 10_000
"""Sammanfogade områden på ett blad: varje uppgift jämförs med vart och ett."""
MAX_KOMMENTAR = 100_000
"""Byte i en XML-kommentar: Excel skriver inga, och tiden att läsa dem kan växa med kvadraten."""
MAX_NIVAER = 256
"""Element inuti varandra: bladets XML har sex nivåer. Gränsen är XML-läsarens egen."""
MAX_RESERV = 5_000_000
"""Större böcker prövas inte med reservläsaren, som är tjugo gånger långsammare."""
MAX_SEKUNDER = 60.0
"""Tid för en fil: tusen gånger den vanliga, och mer än någon fil inom de andra gränserna behöver."""

SIE_MAX_BYTE = 400_000_000
"""En SIE-fil: en miljon transaktioner är 80–100 MB. Den läses i bitar och ligger aldrig hel i minnet."""
SIE_MAX_RAD = 1_000_000
"""Byte på en rad: en vanlig rad är under 200."""
SIE_MAX_KONTON = 100_000
"""Olika konton: en stor kommun har några tusen."""
SIE_MAX_SALDON = 500_000
"""Sparade saldon: tre år med månadssaldon för 10 000 konton ryms. Objektrader sparas inte var för sig."""
SIE_MAX_SIFFROR = 15
"""Siffror före decimaltecknet: tusen biljoner kronor."""
SIE_MAX_VISADE = 20
"""Så många av raderna med samma fel nämns vid nummer."""
