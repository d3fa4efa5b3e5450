with pair as (
  select "source.ip", "destination.ip", "destination.port", coalesce(min("destination.domain"), min("destination.ip")) as name, count(*) as flows,
         sum("source.packets" + "destination.packets") as packets, min("destination.packets") as answers,
         sum("vonggac.source.payload_bytes" + "vonggac.destination.payload_bytes") / sum("source.packets" + "destination.packets") as size,
         max("event.duration") / 1e9 as seconds, evidence("event.id", "@timestamp") as events
  from flow
  where "network.transport" = 'udp'
    and coalesce("network.protocol", 'unidentified-encrypted') = 'unidentified-encrypted'
    and goes_out("vonggac.destination.home", "source.ip", "destination.ip")
    and "destination.port" >= 1024
    and "destination.port" not in (1194, 1701, 1900, 3478, 3479, 4500, 5004, 5060, 5353, 8801, 19302, 51820)
  group by all
)
select "source.ip" as machine, "destination.ip" as peer, case when is_address(name) then null else name end as domain, name, "destination.port" as port,
       flows, packets, size, events, packets as headline, in_dynamic_dns(name) as dynamic_name, is_address(name) as unnamed,
       flows >= 5 and seconds < 300 and packets <= 6 * flows as regular
from pair
where packets >= $packets
  and answers > 0
  and size <= 300
  and packets <= 5000
