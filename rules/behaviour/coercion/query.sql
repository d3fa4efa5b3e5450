with call as (
  select "source.ip", "destination.ip", "event.id", "@timestamp", "vonggac.dcerpc.interface.name" as interface, "vonggac.dcerpc.operation.number" as number,
         coalesce("vonggac.dcerpc.operation.name", '') as operation, coalesce("vonggac.dcerpc.target", '') as target,
         -- the host that the path or the name leads to, where it is an address
         regexp_extract("vonggac.dcerpc.target", '(?:\d{1,3}\.){3}\d{1,3}') as address
  from dcerpc
  where "vonggac.dcerpc.request" = 'request' and "vonggac.dcerpc.interface.name" in ('spoolss', 'efsrpc', 'netdfs', 'FileServerVssAgent')
), printing as (                    -- who asks for news of a queue looks at the queue as well
  select distinct "source.ip", "destination.ip" from call
  where interface = 'spoolss' and number in (2, 3, 4, 8, 17, 26, 67, 78) or (interface = 'spoolss' and number in (1, 69) and regexp_matches(target, '^\\\\[^\\]+\\[^\\]'))
), forced as (
  select *, address <> '' and address <> "destination.ip" as elsewhere, interface = 'efsrpc' as encrypting,
         interface = 'spoolss' as printer
  from call
  where (interface = 'spoolss' and number in (62, 65) and ("source.ip", "destination.ip") not in (select ("source.ip", "destination.ip") from printing))
     or (interface = 'efsrpc' and number in (0, 4, 5, 6, 7, 8, 9, 12, 13, 15, 21))
     or (interface = 'netdfs' and number in (10, 11, 12, 13, 15))
     or (interface = 'FileServerVssAgent' and number in (8, 9))
), back as (
  select "source.ip" as victim, "destination.ip" as catcher, "event.id" as id, "@timestamp" as moment, true as named
  from login where "vonggac.login.method" in ('ntlm', 'kerberos') and "user.name" like '%$'
  union all
  select "source.ip", "destination.ip", "event.id", "@timestamp", false from flow
  where "network.transport" = 'tcp' and "destination.port" in (80, 139, 443, 445) and "vonggac.flow.state" <> 'S0'
)
select forced."source.ip" as machine, forced."destination.ip" as peer, several(list(operation)) as operations, several(list(target)) as targets,
       count(distinct forced."event.id") as calls, count(distinct back.id) as returns, count(back.id) > 0 as returned, bool_or(elsewhere) as named_elsewhere,
       list_concat(evidence(forced."event.id", forced."@timestamp"), coalesce(list({'at': epoch_us(moment), 'id': id}) filter (named), [])) as events,
       count(distinct forced."event.id") as headline
from forced left join back
  on back.victim = forced."destination.ip" and back.catcher in (forced."source.ip", nullif(forced.address, ''))
 and epoch(back.moment) - epoch(forced."@timestamp") between -1 and $within
where encrypting or printer or elsewhere or id is not null
group by forced."source.ip", forced."destination.ip"
