with claim as (
  select "source.ip" as address, "vonggac.arp.sender_mac" as mac, "vonggac.arp.operation" as operation, "event.id", "@timestamp",
         "vonggac.arp.sender_mac" is distinct from lag("vonggac.arp.sender_mac") over (partition by "source.ip" order by "@timestamp") as flip,
         "destination.ip" as told
  from arp
  where "source.ip" <> '0.0.0.0'
    and "vonggac.arp.sender_mac" not like '00:00:5e:00:01:%'            -- VRRP moves an address on purpose
    and "vonggac.arp.sender_mac" not like '00:00:0c:07:ac:%'            -- so does HSRP
), address as (
  select address, count(distinct mac) as owners, sum(flip::integer) - 1 as flips from claim group by address
), claimant as (
  select address, mac, count(*) filter (where operation = 'reply') as replies, evidence("event.id", "@timestamp") as events,
         min("@timestamp") as since
  from claim group by address, mac
), life as (                                                            -- what an adapter does under an address beside answering
  select mac, address, count(*) filter (where operation = 'request') as acts from claim group by all
  union all
  select "source.mac", min("source.ip"), count(*) from flow where "vonggac.source.home" and "source.ip" not like '%:%'
  group by "source.mac" having count(distinct "source.ip") = 1            -- a router carries the addresses of others
), own as (                                                             -- the address under which it lives
  select mac, arg_max(address, acts) as ip, count(distinct address) as addresses from life group by mac having max(acts) > 0
)
select own.ip as machine, claimant.address as peer, claimant.address as address, claimant.mac as mac, replies,
       owners - 1 as others, flips, count(*) over (partition by claimant.mac) >= 2 as both_ways, claimant.events as events, replies as headline
from claimant join address using (address) join own using (mac)
where replies >= $replies
  and flips >= $flips
  and addresses >= 2                                                    -- the rightful owner has no other life
