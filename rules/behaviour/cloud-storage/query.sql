select "source.ip" as machine, min("destination.ip") as peer, several(list("destination.domain")) as domains, sum("vonggac.source.payload_bytes") as sent,
       sum("vonggac.destination.payload_bytes") as received, evidence("event.id", "@timestamp") as events, sum("vonggac.source.payload_bytes") as headline,
       sum("vonggac.source.payload_bytes") >= $upload as uploaded
from flow
where in_cloud_storage("destination.domain")
group by "source.ip"
