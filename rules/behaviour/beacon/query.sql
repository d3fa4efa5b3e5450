with bridge as (                                   -- from the last call of one hour to the first of a later one
  select "source.ip", name, "destination.port", "network.transport",
         (first_at - lag(last_at) over pair) / 1e6 as seconds
  from pair_hour
  window pair as (partition by "source.ip", name, "destination.port", "network.transport" order by hour)
), gap as (
  select "source.ip", name, "destination.port", "network.transport", step, gaps, seconds, ln_seconds from pair_gap
  union all
  select "source.ip", name, "destination.port", "network.transport", floor(ln(seconds) / 0.05)::integer, 1, seconds, ln(seconds)
  from bridge where seconds > 0
), step as (
  select "source.ip", name, "destination.port", "network.transport", step, sum(gaps) as gaps, sum(seconds) as seconds,
         sum(ln_seconds) as ln_seconds
  from gap
  where step >= ln($shortest) / 0.05               -- bursts of one wake-up count once
  group by all
), ranked as (
  select *, sum(gaps) over (pair order by step) as upto, sum(gaps) over pair as total
  from step window pair as (partition by "source.ip", name, "destination.port", "network.transport")
), typical as (
  select *, min(step) filter (where upto >= 0.5 * total) over pair as middle
  from ranked window pair as (partition by "source.ip", name, "destination.port", "network.transport")
), regular as (
  select "source.ip", name, "destination.port", "network.transport", sum(gaps) as gaps, exp(0.05 * (any_value(middle) + 0.5)) as every_s,
         gamma_shape(sum(seconds) / sum(gaps), sum(ln_seconds) / sum(gaps)) as k,
         exp(0.05 * (min(step) filter (where upto >= 0.05 * total) - any_value(middle))) as g
  from typical
  where step <= middle + 32                        -- five times the median: nights and switched-off hours
  group by all
), pair as (
  select "source.ip", name, "destination.port", "network.transport", min("destination.ip") as peer, sum(contacts) as contacts,
         sum(failures) as failed, sum(received) as received, min(protocol) as protocol, bool_and(outward) as outward
  from pair_hour group by all
), caller as (
  select regular.*, peer, contacts, failed, received, protocol, outward
  from regular join pair using ("source.ip", name, "destination.port", "network.transport")
), act as (
  select "source.ip", coalesce("destination.domain", "destination.ip") as name, "destination.port", "network.transport",
         "event.id", "@timestamp" from flow
  union all
  select "source.ip", coalesce("destination.domain", "destination.ip"), "destination.port", "network.transport",
         "event.id", "@timestamp" from http where "vonggac.http.ordinal" > 0
), film as (                                        -- pieces of films come as regularly as a sleeper calls
  select "source.ip", coalesce("destination.domain", "destination.ip") as name, "destination.port" from http
  group by all having avg(regexp_matches(coalesce("url.path", ''), '(?i)\.(ts|m4s|m4a|m4v|mp4|aac|m3u8|mpd|f4f)$|/range/|segment|chunk')::integer) >= 0.5
)
select "source.ip" as machine, peer, case when is_address(name) then null else name end as domain, name,
       "destination.port" as port, contacts, failed, every_s, k, g, k as headline,
       (select evidence("event.id", "@timestamp") from act     -- after everything else: the events of a day are many
        where act."source.ip" = caller."source.ip" and act.name = caller.name and act."destination.port" = caller."destination.port"
          and act."network.transport" = caller."network.transport") as events,
       is_address(name) as unnamed,
       "destination.port" not in (80, 443, 8080, 8443, 25, 110, 143, 465, 587, 993, 995) as odd_port,
       failed >= 0.8 * contacts as dead, every_s <= $brisk as brisk
from caller
where g >= $floor
  and every_s >= $fastest
  and k >= $strictness * case when gaps >= 50 then 4 when gaps >= 30 then 5 when gaps >= 20 then 6.5
                              when gaps >= 15 then 12 when gaps >= 10 then 20 end   -- few gaps look regular by chance
  and outward
  and "destination.port" not in (53, 67, 68, 123, 137, 138, 547, 853, 1900, 1883, 3478, 5353, 5355, 8883)   -- answered by their own rules, or regular by design
  and coalesce(protocol, '') not in ('dns', 'ntp', 'dhcp', 'mdns', 'ssdp', 'stun', 'mqtt', 'rtp', 'sip')
  and coalesce(received, 0) <= $largest * contacts
  and ("source.ip", name, "destination.port") not in (select ("source.ip", name, "destination.port") from film)
