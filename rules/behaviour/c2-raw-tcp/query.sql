with strange as (
  select *, coalesce("destination.domain", "destination.ip") as name, "event.duration" / 1e9 as seconds
  from flow
  where "network.transport" = 'tcp'
    and coalesce("network.protocol", 'unidentified-encrypted') = 'unidentified-encrypted'                                   -- content that no decoder knows
    and goes_out("vonggac.destination.home", "source.ip", "destination.ip")
    and not coalesce("vonggac.flow.midstream", false)
    and "vonggac.flow.state" not in ('S0', 'REJ')
    and "vonggac.source.payload_bytes" > 0
    -- plain text with jobs that come unasked is a miner's, and has its own rule
    and not coalesce("vonggac.source.printable" >= 0.98 and "vonggac.destination.printable" >= 0.98 and "vonggac.flow.sizes"[1] >= 40
      and len(list_filter(range(2, len("vonggac.flow.sizes") + 1), lambda i:
        "vonggac.flow.sizes"[i] < -20 and "vonggac.flow.sizes"[i - 1] < 3 and "vonggac.flow.gaps"[i] >= 1000000)) >= 2, false)
), pair as (
  select "source.ip", "destination.ip", "destination.port", min(name) as name, count(*) as flows, sum("vonggac.source.payload_bytes") as sent,
         sum("vonggac.destination.payload_bytes") as received, max(seconds) as seconds, evidence("event.id", "@timestamp") as events,
         bool_or("vonggac.flow.sizes"[1] < 0) as server_first,
         max(len("vonggac.flow.sizes")) as messages
  from strange group by "source.ip", "destination.ip", "destination.port"
), judged as (
  select *, is_address(name) as unnamed, in_dynamic_dns(name) as dynamic_name,
         "destination.port" in (80, 443, 8080, 8443, 53) as wrong_protocol,
         "destination.port" not in (80, 443, 8080, 8443, 53, 25, 110, 143, 22, 21, 23, 88, 389, 445, 993, 995, 465, 587, 1433, 1521, 1723, 1935, 3306, 3389,
           3478, 5060, 5061, 5222, 5223, 5228, 5432, 5938, 6568, 7070, 8883, 554, 873, 1194, 2404, 20000, 502, 102, 44818) as odd_port,
         seconds >= 60 or flows >= 3 as lasting,
         seconds >= 300 and messages >= 6 and sent + received <= 10000 as slow     -- hours of heart-beats, hardly a word
  from pair
)
select "source.ip" as machine, "destination.ip" as peer, case when unnamed then null else name end as domain, name, "destination.port" as port,
       flows, sent, received, seconds, events, messages as headline, unnamed, dynamic_name, odd_port, lasting, slow, wrong_protocol, server_first
from judged
where (received >= $talk or flows >= 5 or messages >= 8)
  and sent + received <= $most
  and (odd_port or wrong_protocol)
  and (dynamic_name or unnamed and lasting or slow)
  and messages >= 2
