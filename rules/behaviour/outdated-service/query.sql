select "source.ip" as machine, "destination.ip" as peer, "destination.port" as port, count(*) as sessions, evidence("event.id", "@timestamp") as events,
       count(*) as headline
from telnet
where "vonggac.telnet.shell" or "event.outcome" = 'success'        -- somebody got in: guessers have their own rule
group by "source.ip", "destination.ip", "destination.port"
