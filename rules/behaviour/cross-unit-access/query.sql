with across as (
  select * from flow
  where "vonggac.source.unit" <> "vonggac.destination.unit"
    and "destination.port" in (22, 23, 139, 445, 3389, 5900, 5901, 5985, 5986)
    and "vonggac.destination.payload_bytes" >= $bytes
), few as (
  select "destination.ip" as server from across group by "destination.ip" having count(distinct "source.ip") <= $clients
)
select "source.ip" as machine, case when count(distinct "destination.ip") = 1 then min("destination.ip") end as peer, any_value("vonggac.source.unit") as unit,
       several(list("vonggac.destination.unit")) as units, count(distinct "destination.ip") as machines_of, several(list("destination.ip")) as examples,
       several(list(case when "destination.port" in (139, 445) then 'SMB' when "destination.port" = 3389 then 'RDP' when "destination.port" in (5900, 5901) then 'VNC'
         when "destination.port" = 22 then 'SSH' when "destination.port" = 23 then 'Telnet' else 'WinRM' end)) as services,
       evidence("event.id", "@timestamp") as events, count(distinct "destination.ip") as headline
from across join few on "destination.ip" = server
group by "source.ip"
