with pair as (
  select "source.ip", "destination.ip", "destination.port", coalesce(min("destination.domain"), min("destination.ip")) as name, count(*) as flows,
         sum("vonggac.source.payload_bytes")::bigint as sent, sum("vonggac.destination.payload_bytes")::bigint as received,
         evidence("event.id", "@timestamp") as events
  from flow
  where "network.transport" = 'tcp'
    and coalesce("network.protocol", 'unidentified-encrypted') = 'unidentified-encrypted'
    and goes_out("vonggac.destination.home", "source.ip", "destination.ip")
    and not coalesce("vonggac.flow.midstream", false)
    and "vonggac.destination.payload_bytes" > 0
  group by all
)
select "source.ip" as machine, "destination.ip" as peer, case when is_address(name) then null else name end as domain, name, "destination.port" as port,
       flows, sent, received, events, sent as headline
from pair
where sent >= $bytes
  and sent >= $share * received
  and (is_address(name) or in_dynamic_dns(name) or in_cheap_suffix(name))      -- cameras, meters and copies have a named place
  and "destination.port" not in (20, 21, 22, 25, 465, 587, 443, 554, 873, 990, 1723, 1935, 3306, 5432, 9100)
