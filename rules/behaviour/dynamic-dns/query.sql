with name as (
  select "source.ip", "dns.question.name" as domain, "dns.resolved_ip"[1] as peer, "event.id", "@timestamp" from dns
  union all select "source.ip", "url.domain", "destination.ip", "event.id", "@timestamp" from http
  union all select "source.ip", "tls.client.server_name", "destination.ip", "event.id", "@timestamp" from tls
)
select "source.ip" as machine, min(peer) as peer, domain, evidence("event.id", "@timestamp") as events, domain as headline
from name
where in_dynamic_dns(domain)
  and not regexp_matches(domain, '(?i)^(www\.)?[^.]+\.(org|com|net)$')        -- the provider's own pages
group by "source.ip", domain
