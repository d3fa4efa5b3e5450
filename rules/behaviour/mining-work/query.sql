with talk as (
  select *, "event.duration" / 1e9 as seconds,
         len(list_filter(range(2, len("vonggac.flow.sizes") + 1), lambda i:
           "vonggac.flow.sizes"[i] < -20 and "vonggac.flow.sizes"[i - 1] < 3 and "vonggac.flow.gaps"[i] >= 1000000)) as pushes
  from flow
  where "network.transport" = 'tcp'
    and "network.protocol" is null
    and "vonggac.source.printable" >= 0.98
    and "vonggac.destination.printable" >= 0.98
    and "destination.port" not in (21, 23, 25, 110, 143, 194, 5222, 6667)
)
select "source.ip" as machine, "destination.ip" as peer, min("destination.port") as port, max(seconds) as seconds, max(pushes) as pushes,
       evidence("event.id", "@timestamp") as events, max(pushes) as headline
from talk
where pushes >= $pushes
  and "vonggac.flow.sizes"[1] between 40 and 1000                      -- the client subscribes first
  and seconds >= 30
group by "source.ip", "destination.ip"
