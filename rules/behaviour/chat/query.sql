select "source.ip" as machine, min("destination.ip") as peer, min("destination.port") as port, several(list("network.protocol")) as protocols,
       count(*) as flows, sum("source.bytes" + "destination.bytes")::bigint as bytes, evidence("event.id", "@timestamp") as events, count(*) as headline
from flow
where "network.protocol" in ('telegram', 'whatsapp')
  and "vonggac.destination.payload_bytes" > 0
  and goes_out("vonggac.destination.home", "source.ip", "destination.ip")
group by "source.ip"
