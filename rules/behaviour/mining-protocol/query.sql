select "source.ip" as machine, "destination.ip" as peer, min("destination.port") as port,
       coalesce(any_value("vonggac.mining.account"), '?') as account,
       sum("vonggac.mining.messages")::bigint as messages, evidence("event.id", "@timestamp") as events,
       sum("vonggac.mining.messages")::bigint as headline
from mining
where "vonggac.mining.error" is null
group by "source.ip", "destination.ip"
having sum("vonggac.mining.messages") >= $messages
   and count(distinct "vonggac.mining.method") >= 2                    -- a sign-in, then work or results
