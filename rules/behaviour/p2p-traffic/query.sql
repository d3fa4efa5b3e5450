select "source.ip" as machine, min("destination.ip") as peer, count(distinct "destination.ip") as peers, several(list("network.protocol")) as protocols,
       several(list("destination.ip")) as examples, sum("source.bytes" + "destination.bytes")::bigint as bytes, evidence("event.id", "@timestamp") as events,
       count(distinct "destination.ip") as headline
from flow
where "network.protocol" in ('bittorrent', 'edonkey', 'gnutella')
  and "vonggac.destination.payload_bytes" > 0            -- somebody answered: a lone packet of a stranger's torrent is no sharing
  and goes_out("vonggac.destination.home", "source.ip", "destination.ip")
group by "source.ip"
