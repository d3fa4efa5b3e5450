with sent as (
  select "source.ip", "source.mac", "vonggac.source.ttl_first" as ttl, "destination.ip", "event.id", "@timestamp"
  from flow
  where "vonggac.source.home"
    and "network.transport" = 'tcp'
    and not coalesce("vonggac.flow.midstream", false)
    and goes_out("vonggac.destination.home", "source.ip", "destination.ip")
    and "vonggac.tunnel.outer_flow" is null
), machine as (
  select "source.ip", "source.mac", count(*) filter (ttl in (64, 128)) as own, mode(ttl) filter (ttl in (64, 128)) as own_ttl,
         count(*) filter (ttl in (62, 63, 126, 127)) as behind, mode(ttl) filter (ttl in (62, 63, 126, 127)) as behind_ttl,
         several(list("destination.ip") filter (ttl in (62, 63, 126, 127))) as examples, evidence("event.id", "@timestamp") as events
  from sent group by all
), adapter as (
  select "source.mac", count(distinct "source.ip") as addresses from sent group by all
)
select "source.ip" as machine, null::varchar as peer, own, own_ttl, behind, behind_ttl, examples, events, behind as headline
from machine join adapter using ("source.mac")
where own >= $flows
  and behind >= $flows
  and addresses = 1                                    -- a router carries the addresses of others and is known as one
  and (own_ttl = 128) <> (behind_ttl > 64)             -- two systems; containers of one system are its own
