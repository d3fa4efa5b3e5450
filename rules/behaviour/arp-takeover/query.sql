with said as (
  select "source.ip" as address, "vonggac.arp.sender_mac" as mac, "destination.ip" as told, coalesce("vonggac.arp.gratuitous", false) as announced,
         "vonggac.arp.operation" as operation, "event.id", "@timestamp"
  from arp where "source.ip" <> '0.0.0.0'
), claim as (                                    -- told to one machine
  select address, mac, told as victim, min("@timestamp") as since, evidence("event.id", "@timestamp") as events
  from said where not announced and address <> told group by all
), life as (                                     -- the address under which an adapter lives besides
  select mac, address, count(*) as acts from said where operation = 'request' group by all
  union all
  select "source.mac", min("source.ip"), count(*) from flow where "vonggac.source.home" and "source.ip" not like '%:%'
  group by "source.mac" having count(distinct "source.ip") = 1
), way as (                                      -- through which adapter a machine's connections to the outside go, and when
  select "source.ip" as victim, "destination.mac" as mac, "@timestamp" as moment
  from flow where goes_out("vonggac.destination.home", "source.ip", "destination.ip") and "destination.mac" is not null
), moved as (
  select claim.victim, claim.address, claim.mac, any_value(events) as events, count(*) filter (way.mac <> claim.mac and moment < since) as before,
         count(*) filter (way.mac = claim.mac and moment >= since) as after, count(*) filter (way.mac = claim.mac and moment < since) as always,
         mode(way.mac) filter (way.mac <> claim.mac and moment < since) as former
  from claim join way on way.victim = claim.victim group by all
)
select life.address as machine, moved.address as peer, moved.address as address, moved.mac as mac, victim, before, after, former, moved.events as events, after as headline
from moved join life on life.mac = moved.mac
where life.address <> moved.address              -- it lives under another name
  and before >= $flows
  and after >= $flows
  and always = 0                                 -- a second way that was there all along
  -- routers that stand in for each other tell everybody, and use a shared address
  and (moved.address, moved.mac) not in (select (address, mac) from said where announced)
  and moved.mac not like '00:00:5e:00:01:%' and moved.mac not like '00:00:0c:07:ac:%'
