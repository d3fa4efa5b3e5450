with controller as (               -- who answers what only domain controllers answer
  select "destination.ip" as ip from kerberos where "vonggac.kerberos.request_type" in ('AS', 'TGS') and "vonggac.kerberos.reply_type" is not null
  union select "destination.ip" from ldap where "vonggac.ldap.result_code" is not null
  union select "destination.ip" from dcerpc
  where "vonggac.dcerpc.interface.name" in ('drsuapi', 'netlogon') and "vonggac.dcerpc.response" in ('response', 'bind_ack')
), call as (
  select "source.ip", "destination.ip", "vonggac.flow.id" as flow, "event.id", "@timestamp", "vonggac.dcerpc.operation.number" as number,
         coalesce("vonggac.dcerpc.response_bytes", 0) as bytes,
         -- a replicating controller knows its partner; tools ask who the partner is, and for the account by its name
         bool_or("vonggac.dcerpc.operation.number" in (12, 16)) over (partition by "source.ip", "destination.ip") as asks
  from dcerpc
  where "vonggac.dcerpc.interface.name" = 'drsuapi' and "vonggac.dcerpc.request" = 'request'
)
select "source.ip" as machine, "destination.ip" as peer, count(*) as calls, sum(bytes) as bytes, bool_or(asks) as asked_first,
       evidence("event.id", "@timestamp") as events, count(*) as headline
from call
where number = 3                                 -- DRSGetNCChanges
  and "source.ip" not in (select ip from controller)
group by "source.ip", "destination.ip"
