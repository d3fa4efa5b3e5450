with asked as (
  select "source.ip", "dns.question.name" as name, "event.id" as id, "@timestamp" as moment from dns
  union all select "source.ip", "url.domain", "event.id", "@timestamp" from http
  union all select "source.ip", "tls.client.server_name", "event.id", "@timestamp" from tls
), looked_up as (
  select * from asked where in_ip_lookup(name)
), mail as (
  select "source.ip", "destination.ip", "destination.port", coalesce("destination.domain", "destination.ip") as name,
         "vonggac.source.payload_bytes" as bytes, "event.id" as id, "@timestamp" as moment
  from flow
  where "network.transport" = 'tcp'
    and "destination.port" in (25, 465, 587, 2525)
    and goes_out("vonggac.destination.home", "source.ip", "destination.ip")
)
select "source.ip" as machine, "destination.ip" as peer, min(looked_up.name) as asked, min(mail.name) as name, min("destination.port") as port,
       sum(distinct bytes) as bytes, min(epoch(mail.moment - looked_up.moment)) as seconds,
       list_concat(evidence(looked_up.id, looked_up.moment), evidence(mail.id, mail.moment)) as events, min(looked_up.name) as headline
from looked_up join mail using ("source.ip")
where epoch(mail.moment - looked_up.moment) between 0 and $within
  and bytes >= $letter
group by "source.ip", "destination.ip"
