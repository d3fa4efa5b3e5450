with controller as (               -- who answers what only domain controllers answer
  select "destination.ip" as ip from kerberos where "vonggac.kerberos.request_type" in ('AS', 'TGS') and "vonggac.kerberos.reply_type" is not null
  union select "destination.ip" from ldap where "vonggac.ldap.result_code" is not null
  union select "destination.ip" from dcerpc
  where "vonggac.dcerpc.interface.name" in ('drsuapi', 'netlogon') and "vonggac.dcerpc.response" in ('response', 'bind_ack')
), call as (
  select "source.ip", "destination.ip", "event.id", "@timestamp", "vonggac.dcerpc.operation.number" as number, "vonggac.dcerpc.interface.name" as interface,
         coalesce("vonggac.dcerpc.response_bytes", 0) as bytes,
         -- a replicating controller knows its partner; tools ask who the partner is, and for the account by its name
         bool_or("vonggac.dcerpc.operation.number" = 12) over flow as looks_up,
         bool_or("vonggac.dcerpc.operation.number" = 16) over flow as asks_partner,
         max("vonggac.dcerpc.operation.number") over flow <= 16 as fits
  from dcerpc
  where "vonggac.dcerpc.request" = 'request'
    and ("vonggac.dcerpc.interface.name" = 'drsuapi'
         or ("vonggac.dcerpc.interface.name" is null and "vonggac.dcerpc.auth.level" = 'privacy' and "vonggac.dcerpc.pipe" is null))
  window flow as (partition by "source.ip", "destination.ip", "destination.port", "vonggac.dcerpc.interface.name")
)
select "source.ip" as machine, "destination.ip" as peer, count(*) as calls, sum(bytes) as bytes, bool_or(looks_up or asks_partner) as asked_first,
       -- a service that keeps a cloud directory in step does so every few minutes, for hours
       count(distinct epoch("@timestamp")::bigint // 600) >= $periods as learned_poller,
       evidence("event.id", "@timestamp") as events, count(*) as headline
from call
where number = 3                                 -- DRSGetNCChanges
  and (interface = 'drsuapi' or (looks_up and asks_partner and fits))      -- the agreement on the interface was not seen
  and "source.ip" not in (select ip from controller)
group by "source.ip", "destination.ip"
