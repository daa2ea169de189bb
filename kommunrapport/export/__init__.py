"""Export: fakta och siffror ur en eller flera kommuner och perioder, som öppna data (CSV) och som Parquet."""
