with question as (
  select "source.ip", "destination.ip", coalesce("vonggac.source.zone", '') as name, "event.id", "@timestamp"
  from dns
  where "vonggac.source.home"                       -- a resolver outside is nobody's machine
    and goes_out("vonggac.destination.home", "source.ip", "destination.ip")
    and coalesce("destination.port", 53) = 53
)
select "source.ip" as machine, "destination.ip" as peer, coalesce(bool_or(isolated), false) as isolated,
       evidence("event.id", "@timestamp") as events, "destination.ip" as headline
from question left join zone on zone.name = question.name
group by "source.ip", "destination.ip"
