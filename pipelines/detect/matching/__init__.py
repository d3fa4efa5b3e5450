"""Rules about single events, whoever wrote them: conditions in SQL, one pass over each fresh segment."""
