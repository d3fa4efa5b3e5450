with registry as (
  select "source.ip", "destination.ip", "event.id", "@timestamp", "vonggac.dcerpc.target" as what,
         case when "vonggac.dcerpc.operation.number" in (20, 31) then 'hive saved'
              when regexp_matches("vonggac.dcerpc.target", '(?i)control\\lsa\\(jd|skew1|gbg|data)$') then 'boot key'
              when regexp_matches("vonggac.dcerpc.target", '(?i)^(sam|security)(\\|$)') then 'hive of secrets' end as kind
  from dcerpc
  where "vonggac.dcerpc.interface.name" = 'winreg' and "vonggac.dcerpc.request" = 'request'
), told as (                        -- what a service, a task or WMI is told to run there
  select "source.ip", "destination.ip", "event.id", "@timestamp", "vonggac.dcerpc.command" as what,
         case when regexp_matches("vonggac.dcerpc.command", '(?i)\breg(\.exe)?"?\s+save\s+"?hk(lm|ey_local_machine)\\(sam|security|system)|ntdsutil.*ifm|comsvcs.*(minidump|#0*24)|(procdump|rdrleakdiag|sqldumper|createdump).*lsass|(copy|esentutl|cp|type)\b.*ntds\.dit|sekurlsa::|lsadump::')
              then 'command that copies them' end as kind
  from dcerpc
  where "vonggac.dcerpc.command" <> ''
), opened as (
  select "source.ip", "destination.ip", "event.id", "@timestamp", "file.path" as what,
         case when regexp_matches("file.path", '(?i)(^|\\)ntds\.dit$') then 'directory database'
              when regexp_matches("file.path", '(?i)(^|\\)(system32\\config|windows\\repair|regback)\\(sam|security)$|(^|\\)(sam|security)\.(hive?|save?|bak)$') then 'hive file'
              when regexp_matches("file.path", '(?i)(^|\\)lsass[^\\]*\.(m?dmp|zip|7z|rar|bin|log|txt|out)$') then 'memory of the log-in service' end as kind
  from smb
  where "vonggac.smb.status" = 'STATUS_SUCCESS'
), content as (
  select "source.ip", "destination.ip", "event.id", "@timestamp", coalesce("file.name", '') as what,
         case when "file.mime_type" = 'application/x-windows-minidump' then case when regexp_matches("file.name", '(?i)lsass') then 'memory of the log-in service' else 'memory dump' end
              when "file.mime_type" = 'application/x-windows-registry' and not regexp_matches(coalesce("file.name", ''), '(?i)ntuser|usrclass') then 'registry file' end as kind
  from file
  where "network.protocol" = 'smb'
), act as (
  select * from registry where kind is not null
  union all select * from told where kind is not null
  union all select * from opened where kind is not null
  union all select * from content where kind is not null
), pair as (
  select "source.ip", "destination.ip", list_distinct(list(kind)) as kinds, several(list(what)) as what, evidence("event.id", "@timestamp") as events from act group by all
)
select "source.ip" as machine, "destination.ip" as peer, array_to_string(list_sort(kinds), ', ') as kinds, coalesce(what, '') as what, len(kinds) as headline, events,
       list_has_any(kinds, ['command that copies them', 'boot key', 'directory database', 'hive file', 'memory of the log-in service'])
         or (list_contains(kinds, 'hive saved') and list_has_any(kinds, ['hive of secrets', 'registry file'])) as sure
from pair
where kinds <> ['hive of secrets']                           -- tools of audits look at its permissions
