select "source.ip" as machine, min("destination.ip") as peer, any_value(zone.name) as name, count(distinct "destination.ip") as peers,
       several(list("destination.ip")) as examples, evidence("event.id", "@timestamp") as events, count(distinct "destination.ip") as headline
from flow join zone on zone.name = "vonggac.source.zone"
where zone.isolated
  and goes_out("vonggac.destination.home", "source.ip", "destination.ip")
  and coalesce("vonggac.destination.payload_bytes", 0) > 0     -- an unanswered call shows only that somebody tries
group by "source.ip"
