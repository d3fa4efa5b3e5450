with call as (
  select *, "vonggac.dcerpc.interface.name" as interface, "vonggac.dcerpc.operation.number" as number, "vonggac.dcerpc.command" as command
  from dcerpc
  where "vonggac.dcerpc.interface.name" in ('ITaskSchedulerService', 'atsvc') and "vonggac.dcerpc.response" = 'response'
    and coalesce("vonggac.dcerpc.result", '0x00000000') not in ('0x80070005', '0x00000005')
), step as (
  select *, (interface = 'atsvc' and number = 0) or (interface = 'ITaskSchedulerService' and number = 1) as makes,
         interface = 'ITaskSchedulerService' and number = 12 as runs,
         (interface = 'atsvc' and number = 1) or (interface = 'ITaskSchedulerService' and number = 13) as deletes
  from call
)
select "source.ip" as machine, "destination.ip" as peer, evidence("event.id", "@timestamp") as events,
       count(*) filter (makes) as tasks, count(*) filter (runs) as runs, count(*) filter (deletes) as deletes,
       coalesce(several(list("vonggac.dcerpc.target") filter (makes and "vonggac.dcerpc.target" is not null)), '?') as names,
       coalesce(': ' || left(min(command) filter (makes), 160), '') as shown,
       coalesce(bool_or(makes and regexp_matches(command,
         '(?i)%comspec%|\bcmd(\.exe)?\x22?\s*/|powershell|pwsh|mshta|rundll32|regsvr32|[wc]script|certutil|bitsadmin|msbuild|\\\\(127\.|localhost|[^\\]+\\(admin|c)\$)')), false) as shell,
       -- Made, run and taken away at once: nothing that is meant to come again
       bool_or(runs) and bool_or(deletes) as fleeting, count(*) as headline
from step
where "source.ip" <> "destination.ip"
group by "source.ip", "destination.ip"
having bool_or(makes)
