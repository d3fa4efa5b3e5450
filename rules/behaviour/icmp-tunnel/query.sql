select "source.ip" as machine, "destination.ip" as peer, sum("vonggac.icmp.requests" + "vonggac.icmp.replies") as messages,
       sum("vonggac.icmp.mismatches") as different, greatest(max("vonggac.icmp.payload_kinds"), count(distinct "vonggac.icmp.payload_max")) as kinds, max("vonggac.icmp.payload_max") as largest,
       evidence("event.id", "@timestamp") as events, sum("vonggac.icmp.mismatches") as headline,
       sum("vonggac.icmp.mismatches") >= 20 and max("vonggac.icmp.payload_max") >= 128 as sure
from icmp
where "vonggac.icmp.type" in (0, 8, 128, 129)
group by "source.ip", "destination.ip"
having sum("vonggac.icmp.requests" + "vonggac.icmp.replies") >= $messages
   and sum("vonggac.icmp.mismatches") >= $different
   and max("vonggac.icmp.payload_max") >= 64
   and greatest(max("vonggac.icmp.payload_kinds"), count(distinct "vonggac.icmp.payload_max")) >= 3
