with called as (
  -- Told by the rules of what was done there
  select distinct "source.ip" as machine, "destination.ip" as peer from dcerpc
  where "vonggac.dcerpc.interface.name" in ('svcctl', 'ITaskSchedulerService', 'atsvc', 'IWbemServices', 'IDispatch')
), opened as (
  select "source.ip" as machine, "destination.ip" as peer, "event.id" as id, "@timestamp" as moment, regexp_extract("vonggac.smb.share", '[^\\]+$') as share,
         "vonggac.smb.status" = 'STATUS_SUCCESS' as inside, "vonggac.smb.status" = 'STATUS_ACCESS_DENIED' as denied,
         regexp_matches("vonggac.smb.share", '^\\\\\d+\.\d+\.\d+\.\d+\\') as by_address
  from smb
  where "vonggac.smb.command" in ('TREE_CONNECT', 'TREE_CONNECT_ANDX')
    and regexp_matches("vonggac.smb.share", '(?i)\\(admin|[a-z])\$$')
    and ("source.ip", "destination.ip") not in (select (machine, peer) from called)
)
select machine, list({'at': epoch_us(moment), 'id': id}) as events, case when count(distinct peer) = 1 then min(peer) end as peer, several(list(peer)) as peers,
       several(list(share)) as shares, count(distinct peer) as targets, count(distinct peer) filter (denied) as denied,
       coalesce(bool_or(by_address and inside), false) as by_address, count(distinct peer) >= $machines as many,
       count(distinct peer) filter (denied) >= $refusals as refused, count(distinct peer) as headline
from opened
where machine <> peer
group by machine
having bool_or(inside) or count(distinct peer) filter (denied) >= $refusals
