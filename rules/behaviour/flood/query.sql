with minute as (
  select "source.ip", "destination.ip", "destination.port", "network.transport", epoch_us("@timestamp") // 60000000 as minute, count(*) as attempts,
         count(*) filter (is_fruitless("vonggac.flow.state", "vonggac.destination.payload_bytes")) as fruitless, evidence("event.id", "@timestamp") as events
  from flow
  where "network.transport" in ('tcp', 'udp')
    and coalesce("destination.port", 0) not in (53, 123, 137, 161, 162, 514, 1900, 5353, 5355)       -- those who ask, announce or log without being answered
    and not is_group_address("destination.ip")
  group by all
)
select "source.ip" as machine, "destination.ip" as peer, "destination.port" as port, min("network.transport") as transport, max(attempts) as attempts,
       sum(attempts)::bigint as total, 100 * sum(fruitless) / sum(attempts) as share, flatten(list(events)) as events, max(attempts) as headline,
       max(attempts) >= 6000 as heavy
from minute
group by "source.ip", "destination.ip", "destination.port"
having max(attempts) >= $attempts
   and sum(fruitless) >= $failing * sum(attempts)
