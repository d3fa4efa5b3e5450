with named as (
  select distinct "source.ip", "destination.ip", "tls.client.server_name" as name from tls where in_file_hosting("tls.client.server_name")
), moved as (
  select "source.ip", "destination.ip", "event.id", "@timestamp", "vonggac.source.payload_bytes" as up, "vonggac.destination.payload_bytes" as down
  from flow
)
select "source.ip" as machine, min("destination.ip") as peer, min(name) as domain, several(list(name)) as names, sum(up)::bigint as sent,
       sum(down)::bigint as received, evidence("event.id", "@timestamp") as events, sum(up)::bigint as headline
from moved join named using ("source.ip", "destination.ip")
group by "source.ip"
having sum(up) >= $bytes
   and sum(up) >= $share * sum(down)
