with call as (
  select "source.ip", "destination.ip", "event.id", "@timestamp", "vonggac.dcerpc.interface.name" as interface, coalesce("vonggac.dcerpc.target", '') as target
  from dcerpc
  where "vonggac.dcerpc.request" = 'request'
    and (("vonggac.dcerpc.interface.name" = 'lsarpc' and "vonggac.dcerpc.operation.number" = 43)
         or ("vonggac.dcerpc.interface.name" = 'BackupKey' and "vonggac.dcerpc.operation.number" = 0))
)
select "source.ip" as machine, "destination.ip" as peer, count(*) filter (interface = 'lsarpc') as secrets, count(*) filter (interface = 'BackupKey') as unlocked,
       several(list(target) filter (target <> '')) as targets, evidence("event.id", "@timestamp") as events, count(*) as headline,
       bool_or(target ilike '%BCKUPKEY%') as named
from call
group by "source.ip", "destination.ip"
having bool_or(interface = 'lsarpc') or count(*) >= $keys
