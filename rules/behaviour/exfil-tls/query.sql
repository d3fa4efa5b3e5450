with server as (
  select "source.ip", "destination.ip", "destination.port", min("tls.server.x509.subject.common_name") as subject
  from tls
  where goes_out("vonggac.destination.home", "source.ip", "destination.ip")
  group by all
  -- a stranger's server whose certificate nobody vouches for
  having bool_or(coalesce("vonggac.tls.server.self_signed", false))
     and bool_and("tls.client.server_name" is null or is_address("tls.client.server_name"))
), sent as (
  select "source.ip", "destination.ip", "destination.port", "event.id", "@timestamp", "vonggac.source.payload_bytes" as sent, "vonggac.destination.payload_bytes" as received
  from flow
  where "network.protocol" = 'tls'
    and not coalesce("vonggac.flow.midstream", false)
)
select "source.ip" as machine, "destination.ip" as peer, "destination.port" as port, coalesce(min(subject), '–') as subject, count(*) as connections,
       sum(sent)::bigint as sent, sum(received)::bigint as received, evidence("event.id", "@timestamp") as events, sum(sent)::bigint as headline
from sent join server using ("source.ip", "destination.ip", "destination.port")
where sent >= $bytes
  and sent >= $share * received
group by "source.ip", "destination.ip", "destination.port"
