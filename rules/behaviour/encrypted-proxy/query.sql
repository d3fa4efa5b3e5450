with random as (
  select *, count(distinct "destination.ip") over (partition by "source.ip") as servers
  from flow
  where "network.protocol" = 'unidentified-encrypted'
    and "network.transport" = 'tcp'
    and goes_out("vonggac.destination.home", "source.ip", "destination.ip")
), pair as (
  select "source.ip", "destination.ip", "destination.port", coalesce(min("destination.domain"), min("destination.ip")) as name, max(servers) as servers,
         count(*) as connections, sum("vonggac.destination.payload_bytes")::bigint as received, sum("vonggac.source.payload_bytes")::bigint as sent,
         evidence("event.id", "@timestamp") as events
  from random group by all
)
select "source.ip" as machine, "destination.ip" as peer, case when is_address(name) then null else name end as domain, "destination.port" as port, name,
       connections, received, sent, events, received as headline
from pair
where connections >= $connections
  and received >= $bytes
  and received >= 3 * sent                                            -- pages come in
  and servers <= $servers
