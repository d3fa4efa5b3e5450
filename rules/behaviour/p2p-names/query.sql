with name as (
  select "source.ip", "dns.question.name" as domain, "dns.resolved_ip"[1] as peer, 'DNS' as how, "event.id", "@timestamp"
  from dns
  union all select "source.ip", "url.domain", "destination.ip", 'HTTP', "event.id", "@timestamp" from http
  union all select "source.ip", "tls.client.server_name", "destination.ip", 'TLS', "event.id", "@timestamp" from tls
  union all select "source.ip", coalesce("user_agent.original", "url.path"), "destination.ip", 'program', "event.id", "@timestamp" from http
  where regexp_matches("user_agent.original", '(?i)(utorrent|bittorrent|transmission/|libtorrent|azureus|vuze|qbittorrent|deluge|gnutella|limewire|bearshare|shareaza|emule|edonkey)')
     or regexp_matches("url.query", '(?i)info_hash=')
)
select "source.ip" as machine, min(peer) as peer, several(list(domain)) as domains, several(list(how)) as how,
       evidence("event.id", "@timestamp") as events, min(domain) as headline
from name
where in_p2p(domain)
   or how = 'program'
group by "source.ip"
