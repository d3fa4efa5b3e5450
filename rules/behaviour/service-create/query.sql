with call as (
  select *, "vonggac.dcerpc.operation.number" as number, "vonggac.dcerpc.target" as service, "vonggac.dcerpc.command" as command
  from dcerpc
  where "vonggac.dcerpc.interface.name" = 'svcctl' and "vonggac.dcerpc.response" = 'response'
    and coalesce("vonggac.dcerpc.result", '0x00000000') in ('0x00000000', '0x00000431', '0x0000041d')  -- it exists; no answer in time (a command is no service)
), made as (
  select *, coalesce(number in (12, 24, 44, 45, 60) or (number in (11, 23) and command is not null), false) as makes,
         number in (11, 23) and coalesce("vonggac.dcerpc.auth.level", '') = 'privacy' as alters
  from call where number in (2, 11, 12, 19, 23, 24, 31, 44, 45, 60)
)
select "source.ip" as machine, "destination.ip" as peer, evidence("event.id", "@timestamp") as events,
       count(*) filter (makes or alters) as services, count(*) filter (number in (19, 31)) as starts, count(*) filter (number = 2) as deletes,
       coalesce(several(list(service) filter (makes and service is not null)), '') as names,
       coalesce(': ' || left(min(command), 160), '') as shown,
       coalesce(bool_or(makes and regexp_matches(command,
         '(?i)%comspec%|\bcmd(\.exe)?\x22?\s*/|powershell|pwsh|mshta|rundll32|regsvr32|[wc]script|certutil|bitsadmin|msbuild|\\\\(127\.|localhost|[^\\]+\\(admin|c)\$)|\\pipe\\')),
         false) as shell,
       coalesce(bool_or(makes and regexp_full_match(command, '(?i)\x22?(%systemroot%|c:\\windows)\\[a-z]{8}\.exe\x22?')
         and regexp_full_match(service, '(?i)[a-z]{4}|[a-z]{8,20}') and not contains(lower(command), lower(service))), false) as random,
       count(*) as headline
from made
where "source.ip" <> "destination.ip"
group by "source.ip", "destination.ip"
having bool_or(makes)
    or (count(*) filter (alters) >= 2 and bool_or(number in (19, 31)))       -- lent to another program and given back, unreadable
