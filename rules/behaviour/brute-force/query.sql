with session as (
  select "source.ip", "destination.ip", "destination.port", "event.id", "@timestamp", "event.duration" / 1e9 as seconds,
         "vonggac.destination.payload_bytes" as answered, "vonggac.source.payload_bytes" as sent,
         coalesce("network.protocol", case "destination.port" when 22 then 'ssh' when 21 then 'ftp' when 23 then 'telnet' when 3389 then 'rdp'
           when 445 then 'smb' when 139 then 'smb' when 5900 then 'vnc' when 1433 then 'mssql' when 3306 then 'mysql' when 5432 then 'postgresql'
           when 110 then 'pop3' when 143 then 'imap' end,
           -- a service of its own on any port: both sides greet in text, then some eight messages
           case when "vonggac.source.printable" >= 0.9 and "vonggac.destination.printable" >= 0.9 and len("vonggac.flow.sizes") >= 6 then 'text' end) as service
  from flow where "network.transport" = 'tcp'
)
select "source.ip" as machine, "destination.ip" as peer, "destination.port" as port, any_value(service) as service, count(*) as sessions,
       avg(seconds) as seconds, evidence("event.id", "@timestamp") as events, count(*) as headline, count(*) >= 60 as many
from session
where service in ('ssh', 'ftp', 'telnet', 'rdp', 'smb', 'vnc', 'mssql', 'mysql', 'postgresql', 'pop3', 'imap', 'text')
  and seconds <= $longest
  and answered between 1 and 20000                 -- the service spoke, and gave nothing away
  and sent between 1 and 20000
group by "source.ip", "destination.ip", "destination.port"
having count(*) >= $sessions
   and coalesce(stddev_pop(answered), 0) <= $spread * avg(answered)
