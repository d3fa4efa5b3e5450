select "source.ip" as machine, "destination.ip" as peer, case when is_address("url.domain") then null else "url.domain" end as domain,
       coalesce("url.domain", "destination.ip") as host, min("url.path") as path, max("file.size") as size,
       min("vonggac.file.declared_type") as declared, max("vonggac.file.entropy") as entropy, evidence("event.id", "@timestamp") as events,
       max("vonggac.file.entropy") as headline,
       -- plain text is also what careless servers call everything they do not know
       bool_or(not regexp_matches(lower("vonggac.file.declared_type"), '^text/') and coalesce("vonggac.file.missing_bytes", 0) <= 0.1 * "file.size"
         and "vonggac.file.carrier" in (select "event.id" from http where "http.response.status_code" = 200)) as sure
from file
where "vonggac.file.direction" = 'download'
  and regexp_matches(lower("vonggac.file.declared_type"),
    'x-msdownload|x-dosexec|portable-executable|x-msdos-program|x-executable|^image/(png|jpe?g|gif|bmp)|^text/plain')
  and "vonggac.file.kind" = 'data'                                     -- neither a program nor anything else that is known
  and "file.size" >= $smallest
  and coalesce("vonggac.file.entropy", 8) >= $entropy
  and not 2 * coalesce("vonggac.file.missing_bytes", 0) > "file.size"
group by "source.ip", "destination.ip", "url.domain"
