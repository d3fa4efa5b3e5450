with controller as (
  select "destination.ip" as ip from kerberos where "vonggac.kerberos.request_type" in ('AS', 'TGS') and "vonggac.kerberos.reply_type" is not null
  union select "destination.ip" from ldap where "vonggac.ldap.result_code" is not null
), act as (
  select "source.ip" as machine, "destination.ip" as controller, "event.id" as id, "@timestamp" as moment,
         case "vonggac.dcerpc.operation.number" when 17 then 'DRSAddEntry' when 5 then 'DRSReplicaAdd' else 'replicates' end as kind
  from dcerpc
  where "vonggac.dcerpc.interface.name" = 'drsuapi' and "vonggac.dcerpc.request" = 'request' and "vonggac.dcerpc.operation.number" in (3, 5, 17)
  union all                          -- a real controller pulls from it
  select "destination.ip", "source.ip", "event.id", "@timestamp", 'pulled' from dcerpc
  where "vonggac.dcerpc.interface.name" = 'drsuapi' and "vonggac.dcerpc.request" = 'request' and "vonggac.dcerpc.operation.number" = 3
  union all                          -- the directory is told that there is a new controller
  select "source.ip", "destination.ip", "event.id", "@timestamp", 'server object' from ldap
  where "vonggac.ldap.operation" = 'add' and regexp_matches(lower("vonggac.ldap.name"), ',cn=servers,cn=[^,]+,cn=sites,cn=configuration,')
  union all
  select "source.ip", "destination.ip", "event.id", "@timestamp", 'service names of a controller' from ldap
  where "vonggac.ldap.operation" = 'modify' and regexp_matches(lower("vonggac.ldap.changes"::varchar), '(add|replace) serviceprincipalname=(gc|e3514235-4b06-11d1-ab04-00c04fc2dcd2)/')
), pair as (
  select machine, controller, list_distinct(list(kind)) as kinds, evidence(id, moment) as events from act group by all
)
select machine, controller as peer, array_to_string(list_sort(kinds), ', ') as kinds, len(kinds) as headline, events,
       list_contains(kinds, 'pulled') and (list_contains(kinds, 'DRSReplicaAdd') or list_contains(kinds, 'DRSAddEntry') or list_contains(kinds, 'server object')) as proved
from pair
where len(list_filter(kinds, lambda k: k <> 'replicates')) >= 2
  and not list_contains(kinds, 'replicates')                 -- a machine that becomes a controller takes the directory first
  and machine not in (select ip from controller)
