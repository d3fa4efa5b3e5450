with opened as (
  select *, lower("vonggac.smb.named_pipe") as pipe
  from smb where "source.ip" <> "destination.ip"
)
select "source.ip" as machine, "destination.ip" as peer, evidence("event.id", "@timestamp") as events, several(list(pipe)) as pipes,
       count(*) filter ("vonggac.smb.command" in ('CREATE', 'NT_CREATE_ANDX', 'OPEN_ANDX')) as opened, coalesce(sum("vonggac.smb.bytes_read"), 0) as got,
       coalesce(sum("vonggac.smb.bytes_written"), 0) as put, count(*) as headline
from opened
where "vonggac.smb.status" = 'STATUS_SUCCESS'
  -- Cobalt Strike (its defaults and those of the profiles that are handed round), Covenant, PoshC2, dumpers of passwords
  and regexp_full_match(pipe, 'msagent_[0-9a-f]{1,4}|msse-\d{1,5}-server|postex_(ssh_)?[0-9a-f]{2,6}|status_[0-9a-f]{1,4}|mypipe-[fh][0-9a-f]{2}|windows\.update\.manager[0-9a-f]{1,4}|(ntsvcs|scerpc|wkssvc|spoolss|netlogon|lsarpc|samr|srvsvc|win_svc|dsernamepipe|searchtextharvester|fullduplex|interprocess|demoagent|pgmessagepipe|mssqldevnull)_?[0-9a-f]{2}|mojo\.5688\.8052\.[0-9a-f]{15,}|gruntsvc|jaccdpqnvbrrxlaf|csexecsvc|wceservicepipe|lsadump\w*|cachedump\w*')
group by "source.ip", "destination.ip"
