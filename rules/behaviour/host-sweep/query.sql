with attempt as (
  select "source.ip", "destination.ip", "network.transport" || ' ' || "destination.port" as what, "destination.port" as port,
         "event.id", "@timestamp", is_fruitless("vonggac.flow.state", "vonggac.destination.payload_bytes") as nothing,
         goes_out("vonggac.destination.home", "source.ip", "destination.ip") as outward
  from flow
  where "network.transport" in ('tcp', 'udp')
    and not coalesce("vonggac.flow.midstream", false)
    and not is_group_address("destination.ip")
    and not ("network.transport" = 'udp' and "destination.port" = 443)    -- half a QUIC conversation is a matter of the sensor's place
    and "destination.port" not in (4662, 4672, 6346, 6347, 6881, 6882, 6883, 6889, 8333, 30303, 51413)    -- equals that share: see p2p-traffic
    and "destination.port" not in (53, 67, 68, 123, 137, 138, 546, 547, 1900, 3478, 5353, 5355)
  union all
  select "source.ip", "destination.ip", case when "vonggac.icmp.payload_max" = 0 then 'ICMP echo without data' else 'ICMP echo' end, 0, "event.id", "@timestamp", coalesce("vonggac.icmp.replies", 0) = 0, false
  from icmp where "vonggac.icmp.type" in (8, 128) and not is_group_address("destination.ip")
), host as (
  select "source.ip", "destination.ip", what, port, bool_and(nothing) as nothing, bool_and(outward) as outward, evidence("event.id", "@timestamp") as events
  from attempt group by all
)
select "source.ip" as machine, null::varchar as peer, what, count(*) as hosts, 100 * avg(nothing::integer) as share,
       array_to_string(list_sort(list("destination.ip"))[:4], ', ') as examples, flatten(list(events)) as events, count(*) as headline,
       count(*) >= 50 as many, any_value(port) = 0 as echo,
       any_value(port) in (21, 22, 23, 135, 139, 445, 1433, 2323, 3306, 3389, 5432, 5555, 5900, 5985, 6379, 7547, 8291, 37215) as admin_port,
       count(distinct network_of("destination.ip")) filter (where outward) >= 1.2 * $hosts and what like 'tcp %'
         and any_value(port) in (23, 135, 139, 445, 2323, 5555, 7547, 26, 37215, 52869, 60001) as spreading
from host
group by "source.ip", what
having (count(*) >= $hosts or (what like '%without data' and count(*) >= 0.3 * $hosts))   -- ping carries data, scanners do not bother
   and (avg(nothing::integer) >= $failing or what like '%without data')
