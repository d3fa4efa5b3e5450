with typed as (
  select *, "event.duration" / 1e9 as seconds,
         len(list_filter("vonggac.flow.sizes", lambda size: size < 0)) as commands,
         list_max(list_transform(list_filter("vonggac.flow.sizes", lambda size: size < 0), lambda size: -size)) as longest
  from flow
  where "network.transport" = 'tcp'
    and "network.protocol" is null
    and not coalesce("vonggac.flow.midstream", false)
    and "vonggac.destination.printable" >= $printable
    and "vonggac.source.printable" >= $printable
)
select "source.ip" as machine, "destination.ip" as peer, "destination.port" as port, sum("vonggac.source.payload_bytes") as sent,
       sum("vonggac.destination.payload_bytes") as received, max(seconds) as seconds, max(seconds) >= 60 as lasting, evidence("event.id", "@timestamp") as events,
       sum("vonggac.source.payload_bytes") as headline, min("destination.domain") as domain
from typed
where commands >= 2
  and longest <= 200                                                  -- a line that somebody types
  and seconds >= 5                                                    -- and thinks about
  and "source.ip" <> "destination.ip"                                  -- programs of one machine among themselves
  and "vonggac.source.payload_bytes" > 2 * "vonggac.destination.payload_bytes"
  and "destination.port" not in (21, 23, 25, 465, 587, 2525, 79, 110, 143, 119, 194, 6667, 9100, 5222, 11211, 6379)
group by "source.ip", "destination.ip", "destination.port"
