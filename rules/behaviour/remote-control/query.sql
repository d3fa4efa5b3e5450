with name as (
  select "source.ip", "dns.question.name" as domain, "dns.resolved_ip"[1] as peer, 'DNS' as how, "event.id", "@timestamp"
  from dns
  union all select "source.ip", "url.domain", "destination.ip", 'HTTP', "event.id", "@timestamp" from http
  union all select "source.ip", "tls.client.server_name", "destination.ip", 'TLS', "event.id", "@timestamp" from tls
  union all select "source.ip", coalesce("tls.server.x509.subject.common_name", ''), "destination.ip", 'certificate', "event.id", "@timestamp" from tls
)
select "source.ip" as machine, min(peer) as peer, several(list(domain)) as domains, several(list(how)) as how,
       evidence("event.id", "@timestamp") as events, min(domain) as headline
from name
where in_remote_control(domain)
   or (how = 'certificate' and regexp_full_match(domain, '(?i)(anydesk client|anynet relay|rustdesk.*|.*\.?teamviewer\.com|.*splashtop.*)'))
group by "source.ip"
