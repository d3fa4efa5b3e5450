select "source.ip" as machine, "destination.ip" as peer, sum("vonggac.icmp.requests") as messages, greatest(max("vonggac.icmp.payload_kinds"), count(distinct "vonggac.icmp.payload_max")) as kinds,
       sum("vonggac.source.payload_bytes") as carried, evidence("event.id", "@timestamp") as events, sum("vonggac.source.payload_bytes") as headline,
       sum("vonggac.source.payload_bytes") >= 20 * $carried as bulk
from icmp
where "vonggac.icmp.type" in (8, 128)
group by "source.ip", "destination.ip"
having sum("vonggac.source.payload_bytes") >= $carried
   and greatest(max("vonggac.icmp.payload_kinds"), count(distinct "vonggac.icmp.payload_max")) >= $kinds
   and max("vonggac.icmp.entropy") >= 4.2              -- a counter or a clock in the payload changes too, and is mostly zeros and letters in order
   and max("vonggac.icmp.payload_max") >= 48
