with file_or_pipe as (
  select *, regexp_extract("file.path", '[^\\/]+$') as name, lower("vonggac.smb.named_pipe") as pipe,
         coalesce(regexp_matches("vonggac.smb.share", '(?i)\\(admin|[a-z])\$$'), "vonggac.smb.named_pipe" is null) as admin  -- unseen where the capture begins later
  from smb where "source.ip" <> "destination.ip"
), step as (
  select "source.ip", "destination.ip", "event.id", "@timestamp", coalesce(name, pipe) as what, false as created, false as random, false as shell,
         coalesce(admin and "vonggac.smb.bytes_written" > 0 and regexp_matches(name, '(?i)\.(exe|dll|bat|cmd|ps1|vbs|com|scr)$'), false) as copied,
         case when pipe is not null and "vonggac.smb.status" = 'STATUS_SUCCESS' then nullif(regexp_extract(pipe, 'stdin|stdout|stderr'), '') end as stream,
         coalesce(regexp_matches(pipe, '^(remcom_|csexec|ahexec|winexe|xcmdsvc)'), false) as tool,
         -- What Impacket, CrackMapExec and NetExec leave on the other machine, and look for until it is there
         coalesce(admin and "vonggac.smb.command" in ('CREATE', 'NT_CREATE_ANDX', 'OPEN_ANDX') and list_contains("vonggac.smb.access", 'READ_DATA')
           and (regexp_full_match(name, '__(output\w*|\d{9,}(\.\d+)?)') or regexp_full_match("file.path", '(?i)\\?(windows\\)?temp\\[a-z]{6,8}(\.tmp)?')), false) as output
  from file_or_pipe
  union all by name
  select "source.ip", "destination.ip", "event.id", "@timestamp", coalesce("vonggac.dcerpc.target", 'svcctl') as what, true as created,
         -- Two unlike names of letters alone, in the system's own folder
         coalesce(regexp_full_match("vonggac.dcerpc.command", '(?i)\x22?(%systemroot%|c:\\windows)\\[a-z]{8}\.exe\x22?')
           and regexp_full_match("vonggac.dcerpc.target", '(?i)[a-z]{4}|[a-z]{8,20}')
           and not contains(lower("vonggac.dcerpc.command"), lower("vonggac.dcerpc.target")), false) as random,
         coalesce(regexp_matches("vonggac.dcerpc.command", '(?i)%comspec%|\bcmd(\.exe)?\x22?\s*/|powershell|pwsh|mshta|rundll32|regsvr32|[wc]script|\\\\(127\.|localhost)'), false) as shell,
         false as copied, null as stream, false as tool, false as output
  from dcerpc
  where "source.ip" <> "destination.ip" and "vonggac.dcerpc.interface.name" = 'svcctl' and "vonggac.dcerpc.response" = 'response'
    and "vonggac.dcerpc.operation.number" in (11, 12, 23, 24, 44, 45, 60)
    and coalesce("vonggac.dcerpc.result", '0x00000000') in ('0x00000000', '0x00000431')
), pair as (
  select "source.ip" as machine, "destination.ip" as peer, evidence("event.id", "@timestamp") as events,
         bool_or(copied) and bool_or(created) as installed, bool_or(shell) as commanded, count(distinct stream) >= $consoles as console, bool_or(tool) as tool,
         bool_or(output) as output, bool_or(copied) and bool_or(random) as random, several(list(what)) as names, count(*) as headline
  from step where copied or created or stream is not null or output
  group by "source.ip", "destination.ip"
)
select * from pair
where installed or commanded or console or output
