with listed as (
  select "source.ip", "destination.ip", evidence("event.id", "@timestamp") as events
  from dcerpc
  where "vonggac.dcerpc.interface.name" = 'srvsvc' and "vonggac.dcerpc.request" = 'request' and "vonggac.dcerpc.operation.number" in (15, 36)
  group by all
), used as (
  select "source.ip", "destination.ip", count(distinct regexp_extract(lower("vonggac.smb.share"), '[^\\]+$')) as shares,
         count(*) filter ("vonggac.smb.status" in ('STATUS_BAD_NETWORK_NAME', 'STATUS_ACCESS_DENIED')) as refused,
         bool_or(regexp_extract(lower("vonggac.smb.share"), '[^\\]+$') in ('admin$', 'c$')) as admin, evidence("event.id", "@timestamp") as events
  from smb
  where "vonggac.smb.command" in ('TREE_CONNECT', 'TREE_CONNECT_ANDX') and not regexp_matches(upper("vonggac.smb.share"), '\\IPC\$$')
  group by all
), printing as (                    -- who opens a print server goes to a queue
  select distinct "source.ip", "destination.ip" from dcerpc where "vonggac.dcerpc.interface.name" = 'spoolss'
), met as (
  select coalesce(listed."source.ip", used."source.ip") as machine, coalesce(listed."destination.ip", used."destination.ip") as peer,
         listed.events is not null as listed, coalesce(shares, 0) as shares, printing."source.ip" is not null as prints, coalesce(refused, 0) as refused, coalesce(admin, false) as admin,
         list_concat(coalesce(listed.events, []), coalesce(used.events, [])) as events
  from listed full join used on listed."source.ip" = used."source.ip" and listed."destination.ip" = used."destination.ip"
  left join printing on listed."source.ip" = printing."source.ip" and listed."destination.ip" = printing."destination.ip"
), host as (
  select * from met where listed or shares >= $shares or admin
)
select machine, case when count(*) = 1 then any_value(peer) end as peer, count(*) filter (listed) as lists, count(*) as hosts, sum(shares)::bigint as shares,
       sum(refused)::bigint as refused, several(list(peer)) as examples, flatten(list(events)) as events, count(*) as headline,
       count(*) filter (admin and refused > 0) >= $hosts as many
from host
group by machine
-- who browses a server goes into one of its shares
having bool_or(listed and shares = 0 and not prints) or count(*) filter (listed) >= $hosts
    or max(case when refused >= 3 then shares else 0 end) >= $shares or count(*) filter (admin and refused > 0) >= $hosts
