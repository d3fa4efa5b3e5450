with flow_of as (
  select *, "vonggac.flow.sizes" as sizes, "vonggac.flow.sizes"[1] as first, "vonggac.flow.sizes"[2] as second, "vonggac.flow.sizes"[3] as third
  from flow
  where "network.transport" = 'tcp'
    and coalesce("network.protocol", 'tls') = 'tls'                   -- some speak TLS once the stage runs
    and not coalesce("vonggac.flow.midstream", false)
), stage as (
  select "source.ip" as machine, "destination.ip" as peer, "destination.port", "destination.domain", "event.id", "@timestamp",
         "vonggac.destination.payload_bytes" as received, -first as first, -second as second, -third as third,
         "vonggac.source.payload_bytes" as answered, len(sizes) as messages, list_max(sizes[2:]) < 0 as one_way
  from flow_of
  union all                                                          -- a stager that listens: the caller sends
  select "destination.ip", "source.ip", "destination.port", null, "event.id", "@timestamp", "vonggac.source.payload_bytes", first, second, third,
         "vonggac.destination.payload_bytes", len(sizes), list_min(sizes[2:]) > 0
  from flow_of
)
select machine, peer, "destination.port" as port, max(received) as received,
       evidence("event.id", "@timestamp") as events, max(received) as headline, min("destination.domain") as domain,
       bool_or(one_way and messages >= 10 and answered > 0 and "destination.domain" is null)
         -- who is steered by a machine that has just entered it is its victim: that one is to be stopped first
         and (peer, machine) not in (select ("source.ip", "destination.ip") from flow where "destination.port" in (22, 135, 139, 445, 3389, 5985, 5986)) as sure
from stage
where received >= $stage
  and first = 4                                                       -- four bytes of length, then the stage
  and second > 500 and third > 500
group by machine, peer, "destination.port"
