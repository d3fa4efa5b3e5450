with call as (
  select "source.ip", "destination.ip", "event.id", "@timestamp", "vonggac.dcerpc.interface.name" as interface, "vonggac.dcerpc.operation.name" as operation,
         "vonggac.dcerpc.operation.number" as number, coalesce("vonggac.dcerpc.target", '') as target
  from dcerpc
  where "vonggac.dcerpc.request" = 'request'
    and coalesce("vonggac.dcerpc.response", 'response') = 'response'                  -- a fault changed nothing
), act as (
  select *,
         interface = 'eventlog' and operation in ('ElfrClearELFW', 'ElfrClearELFA') or interface = 'eventlog6' and number = 6 as clears,   -- [MS-EVEN] 3.1.4.9, [MS-EVEN6] 3.1.4.16
         interface = 'winreg' and operation in ('BaseRegCreateKey', 'BaseRegDeleteKey', 'BaseRegDeleteKeyEx', 'BaseRegDeleteValue', 'BaseRegSetValue', 'BaseRegReplaceKey', 'BaseRegRestoreKey', 'BaseRegLoadKey') as writes,
         interface = 'srvsvc' and operation = 'NetrShareAdd' as shares,
         interface in ('InitShutdown', 'WindowsShutdown', 'winreg') and operation in ('BaseInitiateShutdown', 'BaseInitiateShutdownEx', 'WsdrInitiateShutdown', 'BaseInitiateSystemShutdown', 'BaseInitiateSystemShutdownEx') as stops,
         interface = 'winreg' and regexp_matches(target, '(?i)\\(run|runonce|services|winlogon|lsa|wdigest|image file execution options|terminal server|windows defender|policies|securityproviders)(\\|$)') as guarded
  from call
), pair as (
  select "source.ip", "destination.ip", count(*) filter (clears or writes or shares or stops) as calls, bool_or(clears) as log_cleared, bool_or(writes) as registry_written,
         bool_or(shares) as share_added, bool_or(stops) as switched_off, bool_or(writes) and bool_or(guarded) as guarded,
         several(list(target) filter (guarded)) as keys, list({'at': epoch_us("@timestamp"), 'id': "event.id"}) filter (clears or writes or shares or stops) as events
  from act group by all
  having count(*) filter (clears or writes or shares or stops) > 0
)
select "source.ip" as machine, "destination.ip" as peer, calls, case when keys <> '' then ': ' || keys else '' end as "where", log_cleared, registry_written, share_added, switched_off, guarded,
       events, calls as headline
from pair
where "source.ip" <> "destination.ip"
