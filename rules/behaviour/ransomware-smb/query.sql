with change as (
  select "source.ip" as machine, "destination.ip" as peer, "event.id" as id, "@timestamp" as moment, lower("file.path") as path,
         -- Renamed, or written anew beside the old file
         lower(coalesce("vonggac.smb.target", case when "vonggac.smb.bytes_written" > 0 then "file.path" end)) as target,
         "vonggac.smb.target" is not null as renamed, coalesce("vonggac.smb.bytes_written", 0) as bytes
  from smb where "vonggac.smb.target" is not null or "vonggac.smb.bytes_written" > 0
), named as (
  select *, regexp_extract(target, '^(.*?)[^\\/]*$', 1) as folder, regexp_extract(target, '[^\\/]+$') as name,
         -- a.docx.locked, a.docx.id-1A2B.[who@mail].locked, or a.docx that becomes 4F3A2B.locky: the kind of the old file
         coalesce(nullif(regexp_extract(target, '\.(docx?|xlsx?|pptx?|pdf|jpe?g|png|gif|bmp|tiff?|txt|csv|rtf|odt|ods|zip|rar|7z|mp3|mp4|avi|mov|sql|mdb|accdb|dbf|pst|ost|eml|msg|dwg|psd|html?|xml|json|vsdx?|cdr)(\.[^\\/]{2,80})$', 1), ''),
           case when renamed and not regexp_matches(target, '\.(docx?|xlsx?|pptx?|pdf|jpe?g|png|gif|bmp|tiff?|txt|csv|rtf|odt|ods|zip|rar|7z|mp3|mp4|avi|mov|sql|mdb|accdb|dbf|pst|ost|eml|msg|dwg|psd|html?|xml|json|vsdx?|cdr)$') then nullif(regexp_extract(path, '\.(docx?|xlsx?|pptx?|pdf|jpe?g|png|gif|bmp|tiff?|txt|csv|rtf|odt|ods|zip|rar|7z|mp3|mp4|avi|mov|sql|mdb|accdb|dbf|pst|ost|eml|msg|dwg|psd|html?|xml|json|vsdx?|cdr)$', 1), '') end) as kind,
         nullif(regexp_extract(target, '\.[a-z0-9_!@-]{2,24}$'), '') as extension
  from change
), note as (
  select machine, peer, name, count(distinct folder) as folders from named
  where regexp_matches(name, '\.(txt|html?|hta|bmp|png|rtf)$') and bytes between 100 and 200000
    and regexp_matches(name, 'read.?me|decrypt|recover|restor|ransom|how.?to|instruction|help|warning|unlock|your.?files|locked|!')
  group by all having count(distinct folder) >= $folders
), pair as (
  select machine, peer, extension, list({'at': epoch_us(moment), 'id': id}) as events, count(distinct target) as files, count(distinct kind) as kinds,
         count(distinct folder) as folders, epoch(max(moment)) - epoch(min(moment)) as seconds, count(*) as headline
  from named where kind is not null and extension is not null
    and not regexp_matches(extension, '^\.(tmp|bak|old|part|crdownload|lnk|gz|zip|log|\d+)$')
  group by machine, peer, extension
), total as (
  select machine, peer, count(distinct target) filter (kind is not null) as renamed from named group by machine, peer
)
select pair.*, coalesce((select ': ' || min(name) from note where note.machine = pair.machine and note.peer = pair.peer), '') as note,
       (machine, peer) in (select (machine, peer) from note) as notes, files >= 5 * $files as storm
from pair join total using (machine, peer)
where files >= $files
  and files >= $share * renamed
  and kinds >= $kinds
