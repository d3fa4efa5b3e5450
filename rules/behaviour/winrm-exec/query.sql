with message as (
  select *, "http.request.body.bytes" as sent, "http.response.body.bytes" as got
  from http
  where "network.application" = 'winrm' and "http.request.method" = 'POST' and "source.ip" <> "destination.ip"
    and "http.request.body.bytes" > 0 and "http.response.status_code" in (200, 500)   -- not what negotiates the log-in
)
select "source.ip" as machine, "destination.ip" as peer, evidence("event.id", "@timestamp") as events, count(*) as messages,
       count(*) filter (sent >= $large) as commands, sum(sent) as bytes, coalesce(min("user_agent.original"), '?') as agent,
       epoch(max("@timestamp")) - epoch(min("@timestamp")) as seconds,
       coalesce(bool_or(regexp_matches("user_agent.original", '(?i)ruby|evil')), false) as script, count(*) as headline
from message
where regexp_full_match("url.path", '(?i)/wsman/?')                  -- events of Windows are collected under longer ones
group by "source.ip", "destination.ip"
having count(*) >= $messages
   and (count(*) filter (sent >= $large) > 0 or count(*) filter (got <= $answer) >= $acks * count(*))
