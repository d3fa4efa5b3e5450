with stranger as (
  select "source.ip", "destination.ip", string_split("destination.ip", '.')[1] || '.' || string_split("destination.ip", '.')[2] as network,
         bool_and(coalesce("vonggac.destination.payload_bytes", 0) = 0) as nothing, evidence("event.id", "@timestamp") as events,
         any_value("destination.port") as port,
         bool_or(coalesce("network.protocol", '') in ('bittorrent', 'bittorrent-dht', 'gnutella', 'edonkey')) as shares
  from flow
  where goes_out("vonggac.destination.home", "source.ip", "destination.ip")
    and "destination.domain" is null
    and "destination.port" >= 1024
    and not coalesce("vonggac.flow.midstream", false)
    and "network.transport" in ('tcp', 'udp')
    and "destination.port" not in (1900, 3478, 5353, 6881)
  group by all
)
select "source.ip" as machine, null::varchar as peer, count(*) as peers, count(distinct network) as networks, 100 * avg(nothing::integer) as share,
       flatten(list(events)) as events, count(distinct network) as headline
from stranger
group by "source.ip"
having count(distinct network) >= $networks
   and avg(nothing::integer) >= $failing
   and count(*) filter (where shares) < $sharing                      -- people who share files call as many strangers
   and count(distinct port) >= 0.5 * count(*)                         -- every peer has its own port; one port everywhere is a sweep
