with encrypted as (
  select *, "network.protocol" = 'unidentified-encrypted' as random,
         count(distinct "destination.ip") filter ("network.protocol" = 'unidentified-encrypted') over (partition by "source.ip") as servers
  from flow
  where "network.protocol" in ('unidentified-encrypted', 'tls')
    and "network.transport" = 'tcp'
    and goes_out("vonggac.destination.home", "source.ip", "destination.ip")
), pair as (
  select "source.ip", "destination.ip", "destination.port", coalesce(min("destination.domain"), min("destination.ip")) as name, max(servers) as servers,
         count(*) filter (random) as connections, bool_or(not random) as mixed,
         coalesce(sum("vonggac.destination.payload_bytes") filter (random), 0)::bigint as received,
         coalesce(sum("vonggac.source.payload_bytes") filter (random), 0)::bigint as sent, evidence("event.id", "@timestamp") as events
  from encrypted group by "source.ip", "destination.ip", "destination.port"
)
select "source.ip" as machine, "destination.ip" as peer, case when is_address(name) then null else name end as domain, "destination.port" as port, name,
       connections, received, sent, events, received as headline
from pair
where connections >= $connections
  and received >= $bytes
  and received >= 3 * sent                                            -- pages come in
  and servers <= $servers
  and not mixed                                                       -- a proxy keeps to its disguise; malware that resumes TLS halfway does not
