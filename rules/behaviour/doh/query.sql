with name as (
  select "source.ip", "dns.question.name" as domain, "dns.resolved_ip"[1] as peer, 'DNS' as how, "event.id", "@timestamp"
  from dns
  union all select "source.ip", "url.domain", "destination.ip", 'HTTP', "event.id", "@timestamp" from http
  union all select "source.ip", "tls.client.server_name", "destination.ip", 'TLS', "event.id", "@timestamp" from tls
)
select "source.ip" as machine, min(peer) as peer, several(list(domain)) as domains, several(list(how)) as how,
       evidence("event.id", "@timestamp") as events, min(domain) as headline
from name
where in_doh(domain) and how <> 'DNS'
group by "source.ip"
