with attempt as (
  select "source.ip", "destination.ip", "destination.port", "event.id", "@timestamp",
         is_fruitless("vonggac.flow.state", "vonggac.destination.payload_bytes") as nothing
  from flow
  where not coalesce("vonggac.flow.midstream", false)          -- its server side would look like a scanner of client ports
    and ("network.transport" = 'tcp' or "network.transport" = 'udp' and "source.port" >= 1024)
    and not is_group_address("destination.ip")
), port as (
  select "source.ip", "destination.ip", "destination.port", bool_and(nothing) as nothing, evidence("event.id", "@timestamp") as events
  from attempt group by all
)
select "source.ip" as machine, "destination.ip" as peer, count(*) as ports, 100 * avg(nothing::integer) as share,
       array_to_string(list_sort(list("destination.port"))[:8], ', ') as examples, flatten(list(events)) as events,
       count(*) as headline, count(*) >= 100 as many, avg(nothing::integer) >= 0.8 as fruitless_mostly
from port
group by "source.ip", "destination.ip"
having count(*) >= $ports
   and avg(nothing::integer) >= $failing
