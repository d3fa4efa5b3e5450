with written as (
  select "source.ip" as machine, "destination.ip" as peer, "vonggac.flow.id" as flow, "event.id" as id, "@timestamp" as moment,
         lower(regexp_extract("file.path", '[^\\/]+$')) as name, "vonggac.smb.bytes_written" as bytes
  from smb
  where regexp_matches("vonggac.smb.share", '(?i)\\(admin|[a-z])\$$') and "vonggac.smb.bytes_written" >= $size
), content as (
  select "vonggac.flow.id" as flow, lower(regexp_extract("file.name", '[^\\/]+$')) as name, any_value("vonggac.file.kind") as kind
  from file where "network.protocol" = 'smb' and "vonggac.file.direction" = 'upload' group by all
), installed as (
  -- The program of a service is told by its own rule
  select distinct "source.ip" as machine, "destination.ip" as peer from dcerpc
  where "vonggac.dcerpc.interface.name" = 'svcctl' and "vonggac.dcerpc.operation.number" in (12, 24, 44, 45, 60)
), tool as (
  select written.*, kind in ('pe', 'elf', 'macho') and regexp_matches(name, '\.(txt|log|dat|jpe?g|png|gif|bmp|ico|pdf|docx?|xlsx?|csv|html?|mp3|avi|ini|cfg)$') as disguised,
         (machine, peer) in (select (machine, peer) from installed) as service
  from written left join content using (flow, name)
  where kind in ('pe', 'elf', 'macho', 'script', 'hta', 'lnk')
    or regexp_matches(name, '\.(exe|dll|scr|com|sys|ps1|psm1|bat|cmd|vbs|vbe|js|jse|wsf|hta|py|jar|msi|zip|rar|7z|cab)$')
), counted as (
  select name, machine, count(distinct peer) as targets from tool group by name, machine
)
select tool.machine, tool.peer, list({'at': epoch_us(moment), 'id': id}) as events, count(distinct name) as files, sum(bytes) as bytes, several(list(name)) as names,
       max(targets) as targets, coalesce(bool_or(disguised), false) as disguised, max(targets) >= $machines as spread,
       coalesce(bool_or(disguised or regexp_full_match(name, '[a-z]{8}\.exe|[0-9a-f]{6,16}\.exe') and name <> 'psexesvc.exe'), false) as unlike, count(*) as headline
from tool join counted using (name, machine)
where tool.machine <> tool.peer
  and (not service or disguised or targets >= $machines)
group by tool.machine, tool.peer
