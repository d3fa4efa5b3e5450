select "source.ip" as machine, "destination.ip" as peer, case when is_address("url.domain") then null else "url.domain" end as domain,
       coalesce("url.domain", "destination.ip") as host, min("url.path") as path, max("file.size") as size, evidence("event.id", "@timestamp") as events,
       min("url.path") as headline
from file
where "vonggac.file.direction" = 'download'
  and "vonggac.file.kind" in ('pe', 'elf', 'macho')
  and goes_out("vonggac.destination.home", "source.ip", "destination.ip")
group by "source.ip", "destination.ip", "url.domain"
