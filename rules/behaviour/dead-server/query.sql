with tried as (
  select "source.ip", "destination.ip", "destination.port", coalesce("destination.domain", "destination.ip") as name, "event.id", "@timestamp",
         is_fruitless("vonggac.flow.state", "vonggac.destination.payload_bytes") and coalesce("vonggac.source.payload_bytes", 0) = 0 as nothing,
         epoch("@timestamp" - lag("@timestamp") over (partition by "source.ip", "destination.ip", "destination.port" order by "@timestamp")) as gap
  from flow
  where "network.transport" = 'tcp'
    and goes_out("vonggac.destination.home", "source.ip", "destination.ip")
    and not coalesce("vonggac.flow.midstream", false)
), pair as (
  select "source.ip", "destination.ip", "destination.port", min(name) as name, count(*) as attempts, bool_and(nothing) as nothing,
         epoch(max("@timestamp") - min("@timestamp")) as seconds, median(gap) as middle, mad(gap) as spread, evidence("event.id", "@timestamp") as events
  from tried group by all
), caller as (      -- who tries many strangers scans, shares files or seeks peers: other rules
  select *, count(*) filter (nothing) over (partition by "source.ip") as dead_places from pair
)
select "source.ip" as machine, "destination.ip" as peer, case when not is_address(name) then name end as domain, name, "destination.port" as port, attempts, seconds, events, attempts as headline,
       in_dynamic_dns(name) as dynamic_name, is_address(name) as unnamed, true as odd_port, middle >= 2 and spread <= 0.2 * middle and attempts >= 5 as patient
from caller
where nothing
  and attempts >= $attempts
  and seconds >= $seconds
  and (in_dynamic_dns(name) or is_address(name) and attempts >= 2 * $attempts)
  and "destination.port" not in (21, 22, 25, 53, 80, 110, 123, 143, 443, 465, 587, 853, 993, 995, 3128, 5222, 5223, 5228, 8080, 8443, 8883)    -- services that are down for everybody
  and dead_places <= 3
