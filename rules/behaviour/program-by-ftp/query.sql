with visit as (                                   -- a person, or a program that mirrors, looks first at what is there
  select "source.ip", "destination.ip", count(*) filter ("vonggac.ftp.command" in ('LIST', 'NLST', 'MLSD', 'CWD')) as looked,
         count(*) filter ("vonggac.ftp.command" = 'RETR') as taken
  from ftp group by all
), program as (
  select "source.ip", "destination.ip", coalesce("file.name", "url.path", '') as name, "vonggac.file.kind" as kind, "file.size" as size, "network.protocol" as protocol, "event.id", "@timestamp"
  from file
  where "network.protocol" in ('ftp', 'ftp-data', 'tftp')
    and "vonggac.file.direction" = 'download'
    and "vonggac.file.kind" in ('pe', 'elf', 'script', 'macho')
    and "file.size" >= $smallest
    and goes_out("vonggac.destination.home", "source.ip", "destination.ip")
)
select program."source.ip" as machine, program."destination.ip" as peer, min(kind) as kind, several(list(name)) as names, max(size) as size, min(protocol) as protocol,
       evidence("event.id", "@timestamp") as events, count(*) as headline, bool_or(protocol = 'tftp') as by_tftp, coalesce(max(taken), 0) = 1 as script_of_commands
from program left join visit using ("source.ip", "destination.ip")
where coalesce(looked, 0) = 0
group by program."source.ip", program."destination.ip"
