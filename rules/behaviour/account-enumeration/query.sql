with asked as (
  select "source.ip", "destination.ip", "event.id", "@timestamp", coalesce("vonggac.dcerpc.count", 1) as calls, null::bigint as entries,
         case when "vonggac.dcerpc.interface.name" = 'samr' then
                case when "vonggac.dcerpc.operation.number" = 25 then 'group members' when "vonggac.dcerpc.operation.number" = 33 then 'alias members'
                     when "vonggac.dcerpc.operation.number" = 13 then 'users' when "vonggac.dcerpc.operation.number" = 11 then 'groups'
                     when "vonggac.dcerpc.operation.number" = 15 then 'aliases' when "vonggac.dcerpc.operation.number" in (40, 48, 51) then 'display lists'
                     when "vonggac.dcerpc.operation.number" in (36, 47) then 'account details' end
              when "vonggac.dcerpc.interface.name" = 'lsarpc' and "vonggac.dcerpc.operation.number" in (11, 35) then 'accounts with rights'
              when "vonggac.dcerpc.interface.name" = 'wkssvc' and "vonggac.dcerpc.operation.number" = 2 then 'who is logged on'
              when "vonggac.dcerpc.interface.name" = 'srvsvc' and "vonggac.dcerpc.operation.number" = 12 then 'sessions'
              when "vonggac.dcerpc.interface.name" = 'winreg' and "vonggac.dcerpc.operation.number" = 4 then 'loaded profiles' end as kind
  from dcerpc
  where "vonggac.dcerpc.request" = 'request'
), searched as (                    -- the whole directory, or what only attackers look for in it
  select "source.ip", "destination.ip", "event.id", "@timestamp", "vonggac.ldap.entries" as entries, lower("vonggac.ldap.filter") as filter,
         lower("vonggac.ldap.attributes"::varchar) as attributes
  from ldap
  where "vonggac.ldap.operation" = 'search' and "vonggac.ldap.scope" in ('sub', 'children')
), matched as (
  select "source.ip", "destination.ip", "event.id", "@timestamp", 1 as calls, entries, unnest(list_filter([
           case when regexp_matches(filter, 'serviceprincipalname=\*\)') and not regexp_matches(filter, 'samaccountname=[^*)]') then 'accounts of services' end,
           case when regexp_matches(filter, '803:=(4194304|524288|16777216|32|2080)\)|allowedtodelegateto=\*|allowedtoactonbehalf') then 'weak accounts' end,
           case when regexp_matches(filter, 'admincount[>]?=1\)') then 'administrators' end,
           case when regexp_matches(filter, 'objectc(lass|ategory)=trusteddomain') then 'trusts' end,
           case when regexp_matches(filter, 'ms-?mcs-?admpwd|mslaps') or regexp_matches(attributes, 'ms-mcs-admpwd[,\]]|mslaps-(encrypted)?password') then 'local passwords' end,
           case when regexp_matches(filter, '^\(?[(&|]*\(?(samaccounttype[>]?=805306368|objectc(lass|ategory)=(user|person))\)+$') and entries >= 5 then 'all users' end,
           case when regexp_matches(filter, '^[(&|]*\(?(samaccounttype=(268435456|536870912)|objectc(lass|ategory)=group)\)') and entries >= 5
                     and not regexp_matches(filter, '\((cn|name|samaccountname|member|objectsid|distinguishedname)=[^*)]') then 'all groups' end,
           case when regexp_matches(filter, '^[(&|]*\(?(samaccounttype=805306369|objectc(lass|ategory)=computer)\)+$') then 'all computers' end,
           case when regexp_matches(filter, '^\(?objectcategory=(organizationalunit|subnet|site)\)?$') then 'sites and units' end,
           case when regexp_matches(filter, '^\(?(object(class|guid|sid)=\*)\)?$') and entries >= 100 then 'everything' end,
           case when regexp_matches(attributes, 'ntsecuritydescriptor') and entries >= 20
                     and not regexp_matches(filter, 'grouppolicycontainer|pki|distinguishedname=') then 'permissions of everything' end,
           case when regexp_matches(attributes, 'serviceprincipalname') and regexp_matches(attributes, 'admincount|useraccountcontrol') and regexp_matches(attributes, 'sidhistory|msds-allowedtodelegateto|unixuserpassword') then 'attributes of attacks' end
         ], lambda k: k is not null)) as kind
  from searched
), kind as (
  select "source.ip", "destination.ip", kind, sum(calls) as calls, sum(entries) as entries, evidence("event.id", "@timestamp") as events,
         -- worth two: what people and systems have no reason to ask from afar
         case when kind in ('group members', 'users', 'sessions', 'who is logged on', 'accounts of services', 'weak accounts', 'local passwords', 'everything', 'permissions of everything', 'attributes of attacks') then 2
              when kind = 'account details' then case when sum(calls) >= 8 then 2 when sum(calls) >= 4 then 1 else 0 end else 1 end as worth
  from (select "source.ip", "destination.ip", kind, calls, entries, "event.id", "@timestamp" from asked where kind is not null
        union all select "source.ip", "destination.ip", kind, calls, entries, "event.id", "@timestamp" from matched)
  group by "source.ip", "destination.ip", kind
)
select "source.ip" as machine, case when count(distinct "destination.ip") = 1 then any_value("destination.ip") end as peer, count(distinct "destination.ip") as hosts,
       array_to_string(list_sort(list_distinct(list(kind) filter (worth > 0))), ', ') as kinds, sum(calls)::bigint as calls, coalesce(sum(entries), 0)::bigint as entries,
       flatten(list(events)) as events, count(distinct kind) as headline, sum(worth) >= 5 as many
from kind
group by "source.ip"
having max(worth) >= 2 or count(distinct kind) filter (worth > 0) >= 2 or count(distinct "destination.ip") filter (worth > 0) >= $hosts
