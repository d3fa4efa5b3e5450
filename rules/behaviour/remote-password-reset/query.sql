with call as (
  select "source.ip", "destination.ip", "event.id", "@timestamp", coalesce("vonggac.dcerpc.target", '') as target,
         case when "vonggac.dcerpc.interface.name" = 'netlogon' and "vonggac.dcerpc.operation.number" in (6, 30)
                   and "vonggac.dcerpc.auth.level" is null then 'machine account'        -- a machine's own change goes through its sealed channel
              -- the new password travels in a block of 516 bytes and more
              when "vonggac.dcerpc.interface.name" = 'samr' and "vonggac.dcerpc.operation.number" in (37, 58) and "vonggac.dcerpc.request_bytes" >= $block then 'set'
              -- two hashes and three flags, the only such odd length
              when "vonggac.dcerpc.interface.name" = 'samr' and "vonggac.dcerpc.operation.number" in (37, 58) and "vonggac.dcerpc.request_bytes" = 59 then 'hash set'
              when "vonggac.dcerpc.interface.name" = 'samr' and "vonggac.dcerpc.operation.number" = 38 then 'changed by hash'
              when "vonggac.dcerpc.interface.name" = 'samr' and "vonggac.dcerpc.operation.number" = 66 then 'recovery account'
              when "vonggac.dcerpc.interface.name" = 'samr' and "vonggac.dcerpc.operation.number" in (12, 50) then 'created' end as kind
  from dcerpc
  where "vonggac.dcerpc.request" = 'request' and coalesce("vonggac.dcerpc.response", '') <> 'fault'
), pair as (
  select "source.ip", "destination.ip", list_distinct(list(kind)) as kinds, several(list(target) filter (kind = 'machine account' and target <> '')) as targets,
         count(*) as calls, evidence("event.id", "@timestamp") as events
  from call where kind is not null group by all
)
select "source.ip" as machine, "destination.ip" as peer, array_to_string(list_sort(kinds), ', ') as kinds, coalesce(targets, '') as targets, calls, events, calls as headline,
       list_has_any(kinds, ['machine account', 'hash set', 'recovery account']) as grave
from pair
where list_has_any(kinds, ['machine account', 'changed by hash', 'hash set', 'recovery account'])
   or (list_contains(kinds, 'set') and not list_contains(kinds, 'created'))    -- who joins a machine to the domain makes its account first
