with told as (
  select "source.ip", "destination.ip", "destination.port", network_of("destination.ip") as network, abs("vonggac.flow.sizes"[1]) as size, "event.id", "@timestamp"
  from flow
  where "network.transport" = 'udp'
    and goes_out("vonggac.destination.home", "source.ip", "destination.ip")
    and coalesce("destination.packets", 0) = 0
    and "source.packets" <= 2
    and len("vonggac.flow.sizes") > 0
)
select "source.ip" as machine, null::varchar as peer, "destination.port" as port, mode(size) as size, count(distinct "destination.ip") as addresses,
       array_to_string(list_sort(list_distinct(list("destination.ip")))[:3], ', ') as examples, evidence("event.id", "@timestamp") as events,
       count(distinct "destination.ip") as headline, count(distinct "destination.ip") >= 2.5 * $addresses as whole
from told
where "destination.port" >= 1024                                       -- below it services are sought
group by "source.ip", "destination.port"
having count(distinct "destination.ip") >= $addresses
   and count(distinct network) <= 0.05 * count(distinct "destination.ip") + 1    -- neighbours; who seeks peers finds them everywhere
   and count(distinct size) <= 3
