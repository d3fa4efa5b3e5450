with dump as (
  select "source.ip", "destination.ip", "event.id", "@timestamp", coalesce("vonggac.dcerpc.response_bytes", 0) as bytes,
         case when "vonggac.dcerpc.interface.name" = 'epmapper' and "vonggac.dcerpc.operation.number" = 2 then 'list'
              when "vonggac.dcerpc.interface.name" = 'mgmt' and "vonggac.dcerpc.operation.number" = 0 then 'interfaces'
              when "vonggac.dcerpc.interface.name" = 'IObjectExporter' and "vonggac.dcerpc.operation.number" in (3, 5)
                   and "vonggac.dcerpc.auth.level" is null then 'addresses' end as kind
  from dcerpc
  where "vonggac.dcerpc.request" = 'request'
), host as (
  select "source.ip", "destination.ip", bool_or(kind in ('list', 'interfaces')) as listed, sum(bytes) as bytes, evidence("event.id", "@timestamp") as events
  from dump where kind is not null group by all
)
select "source.ip" as machine, case when count(*) = 1 then any_value("destination.ip") end as peer, count(*) as hosts, count(*) filter (listed) as lists,
       sum(bytes)::bigint as bytes, several(list("destination.ip")) as examples, flatten(list(events)) as events, count(*) as headline, count(*) >= $hosts as many
from host
group by "source.ip"
having bool_or(listed) or count(*) >= $hosts
