with use as (
  select "source.ip", "destination.ip", "destination.port", 'HTTP' as how, "event.id", "@timestamp"
  from http
  where "vonggac.http.proxied"
    and ("destination.port" <> 80 or "http.request.method" = 'CONNECT')     -- some programs write whole targets to ordinary servers
    and goes_out("vonggac.destination.home", "source.ip", "destination.ip")
  union all
  select "source.ip", "destination.ip", "destination.port", 'SOCKS', "event.id", "@timestamp"
  from socks
  where "vonggac.socks.reply" = 'succeeded'
)
select "source.ip" as machine, "destination.ip" as peer, "destination.port" as port, several(list(how)) as how,
       evidence("event.id", "@timestamp") as events, "destination.port" as headline
from use
group by "source.ip", "destination.ip", "destination.port"
