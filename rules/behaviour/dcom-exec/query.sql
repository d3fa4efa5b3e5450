with call as (
  select *, "vonggac.dcerpc.command" as command,
         "vonggac.dcerpc.interface.name" = 'IDispatch' and "vonggac.dcerpc.operation.number" = 6 as invokes,
         "vonggac.dcerpc.interface.name" in ('IRemoteSCMActivator', 'IActivation')
           and "vonggac.dcerpc.target" in ('MMC20.Application', 'ShellWindows', 'ShellBrowserWindow', 'Excel.Application', 'Word.Application', 'Outlook.Application',
             'Visio.Application', 'Msi.Package') as makes
  from dcerpc where "vonggac.dcerpc.response" = 'response' and "source.ip" <> "destination.ip"
    and coalesce("vonggac.dcerpc.result", '0x00000000') not in ('0x80070005', '0x00000005')
)
select "source.ip" as machine, "destination.ip" as peer, evidence("event.id", "@timestamp") as events, count(*) filter (invokes) as invocations,
       coalesce(several(list("vonggac.dcerpc.target") filter (makes)), '?') as classes, coalesce(': ' || left(max(command) filter (invokes), 160), '') as shown,
       bool_or(makes) as known_class,
       coalesce(bool_or(invokes and regexp_matches(command, '(?i)\bcmd(\.exe)?\b|%comspec%|powershell|pwsh|mshta|rundll32|regsvr32|[wc]script|certutil|bitsadmin|shellexecute')),
         false) as shell, count(*) as headline
from call
where invokes or makes
group by "source.ip", "destination.ip"
