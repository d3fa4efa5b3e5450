with server as (
  select "source.ip", "destination.ip", coalesce(min("destination.domain"), min("destination.ip")) as name,
         max(coalesce("vonggac.source.payload_bytes", 0)) > 100 as took, evidence("event.id", "@timestamp") as events
  from flow
  where "network.transport" = 'tcp'
    and "destination.port" = 25                                        -- between servers; programs of people use 465 and 587
    and ("vonggac.flow.sizes" is null or "vonggac.flow.sizes"[1] < 0)   -- a mail server greets first
    and goes_out("vonggac.destination.home", "source.ip", "destination.ip")
  group by "source.ip", "destination.ip"
)
select "source.ip" as machine, null::varchar as peer, count(*) as servers, 100 * avg(took::integer) as share, several(list(name)) as examples,
       flatten(list(events)) as events, count(*) as headline, count(*) >= 25 as many
from server
group by "source.ip"
having count(*) >= $servers
   and bool_or(took)                                                   -- knocking at port 25 alone is a sweep
