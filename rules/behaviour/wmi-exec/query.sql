with call as (
  select *, "vonggac.dcerpc.operation.number" as number, "vonggac.dcerpc.target" as target, "vonggac.dcerpc.command" as command,
         "vonggac.dcerpc.interface.name" as interface
  from dcerpc where "source.ip" <> "destination.ip" and "vonggac.dcerpc.interface.name" in ('IWbemServices', 'IWbemLevel1Login')
    and "vonggac.dcerpc.request" = 'request'
), kind as (
  select *, interface = 'IWbemServices' and number in (24, 25) and coalesce("vonggac.dcerpc.response", '') <> 'fault'
            and coalesce("vonggac.dcerpc.result", '0x00000000') = '0x00000000' as runs,
         -- Sealed calls show their number alone
         target is null and coalesce("vonggac.dcerpc.auth.level", '') = 'privacy' as sealed,
         regexp_matches(target, '(?i)^(win32_process|win32_scheduledjob|win32_product|win32_service|win32_shadowcopy|msft_ps\w*|__\w+)(\.|$)') as acts
  from call
), pair as (
  select "source.ip" as machine, "destination.ip" as peer, list({'at': epoch_us("@timestamp"), 'id': "event.id"}) filter (runs and (acts or sealed)) as events,
         count(*) filter (runs and (acts or sealed)) as calls,
         count(*) filter (runs and acts) as clear, count(*) filter (runs and sealed) as hidden_calls,
         count(*) filter (interface = 'IWbemServices' and number in (18, 19, 20, 21)) as queries,
         -- Programs are started in these namespaces; what manages servers and their roles has its own
         coalesce(bool_and(not regexp_matches(target, '(?i)root[\\/](cimv2|default|subscription)\b')) filter (interface = 'IWbemLevel1Login' and target is not null), false) as management,
         coalesce(bool_or(interface = 'IWbemLevel1Login' and target like '//./%'), false) as script,
         coalesce(bool_or(runs and target ilike 'win32_process.create'), false) as process,
         coalesce(bool_or(runs and regexp_matches(command, '(?i)\bcmd(\.exe)?\x22?\s+/|%comspec%|powershell|pwsh|mshta|rundll32|regsvr32|[wc]script|certutil|bitsadmin|\\\\(127\.|localhost|[^\\]+\\(admin|c)\$)')),
           false) as shell,
         coalesce(several(list(target) filter (runs and acts)), 'ExecMethod') as methods, coalesce(': ' || left(min(command) filter (runs and acts), 160), '') as shown
  from kind group by "source.ip", "destination.ip"
)
select machine, peer, events, calls, methods, shown, script, process, shell, clear = 0 as hidden, calls as headline
from pair
where (clear > 0 or hidden_calls between 1 and $calls)
  and (clear > 0 or queries <= $inventory * hidden_calls)
  and (clear > 0 or not management)
