with advert as (
  select "source.ip", "vonggac.ndp.type" as kind, coalesce("vonggac.ndp.link_address", "source.mac") as mac, "event.id", "@timestamp",
         case when "vonggac.ndp.type" = 'router-advertisement' then 'router' else "vonggac.ndp.target_ip" end as part,
         "source.mac" as sender
  from ndp
  where "vonggac.ndp.type" = 'router-advertisement' and coalesce("vonggac.ndp.router_lifetime", 0) > 0
     or "vonggac.ndp.type" = 'neighbour-advertisement' and list_contains("vonggac.ndp.flags", 'override')
), holder as (
  select part, mac, count(*) as claims, min("@timestamp") as since, mode("source.ip") as ip, evidence("event.id", "@timestamp") as events,
         mac not like '00:00:5e:00:02:%' as own           -- routers that share an address (VRRP) have one for it
  from advert group by all
), rival as (
  select *, min(since) over (partition by part) as begun from holder
)
select ip as machine, case when part <> 'router' then part end as peer, part as address, mac, claims, events, claims as headline, part <> 'router' as neighbour, part = 'router' as router
from rival
where since > begun                                       -- the newcomer
  and claims >= $claims
  and own
