with asked as (
  select "source.ip", "dns.question.name" as name, "event.id" as id, "@timestamp" as moment from dns
  union all select "source.ip", "url.domain", "event.id", "@timestamp" from http
  union all select "source.ip", "tls.client.server_name", "event.id", "@timestamp" from tls
), looked_up as (
  select * from asked where in_ip_lookup(name)
), told as (
  select "source.ip", "destination.ip", "tls.client.server_name" as name, "event.id" as id, "@timestamp" as moment
  from tls
  where regexp_full_match("tls.client.server_name", 'api\.telegram\.org|(canary\.|ptb\.)?discord(app)?\.com|hooks\.slack\.com|webhook\.site|.*\.m\.pipedream\.net|.*\.webhook\.office\.com')
    -- browsers and the programs of these services offer HTTP/2
    and not list_contains(coalesce("vonggac.tls.client.alpn", []), 'h2')
)
select "source.ip" as machine, min("destination.ip") as peer, min(told.name) as domain, min(looked_up.name) as asked, min(told.name) as name,
       min(abs(epoch(told.moment - looked_up.moment))) as seconds, bool_or(told.name = 'api.telegram.org') as bot_only,
       list_concat(evidence(looked_up.id, looked_up.moment), evidence(told.id, told.moment)) as events, min(told.name) as headline
from looked_up join told using ("source.ip")
where abs(epoch(told.moment - looked_up.moment)) <= $within
group by "source.ip"
