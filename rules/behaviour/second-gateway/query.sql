with way as (
  select "source.ip", "destination.mac" as gateway, count(*) as flows, evidence("event.id", "@timestamp") as events
  from flow
  where "vonggac.source.home"
    and goes_out("vonggac.destination.home", "source.ip", "destination.ip")
    and coalesce("vonggac.destination.payload_bytes", 0) > 0
    and "destination.mac" is not null
    and is_private("source.ip") and "source.ip" not like '%:%'
  group by all
), common as (
  select gateway, count(distinct "source.ip") as users from way group by all
), known as (
  select gateway, users from common order by users desc, gateway limit 1
), named as (                                       -- the address under which the other device answers
  select "vonggac.arp.sender_mac" as gateway, min("source.ip") as ip from arp group by all
)
select way."source.ip" as machine, null::varchar as peer, way.gateway as gateway, case when named.ip is not null then ' (' || named.ip || ')' else '' end as named, flows,
       known.users as others, known.gateway as known, events, flows as headline
from way cross join known join common on common.gateway = way.gateway left join named on named.gateway = way.gateway
where known.users >= $machines
  and flows >= $flows
  and common.users <= 0.34 * known.users            -- a segment behind another router, or routers that share the work, have many users
