with answer as (
  select "source.ip", "destination.ip", "vonggac.flow.id" as flow, "dns.id" as id, "dns.question.name" as name, "event.id", "@timestamp",
         list_transform(list_filter("dns.answers.data", lambda value: is_address(value)), lambda value: network_of(value)) as networks
  from dns
  where "dns.type" = 'answer' and "dns.question.type" = 'A' and "network.transport" = 'udp' and len("dns.answers.data") > 0 and coalesce("destination.port", 53) = 53
), doubled as (                                    -- the same question in the same conversation, answered from nowhere in common
  select first."source.ip" as client, first."destination.ip" as server, first.flow, first.name, first."event.id" as id, first."@timestamp" as moment
  from answer first join answer second on first.flow = second.flow and first.id = second.id and first.name = second.name and first."event.id" < second."event.id"
  where not list_has_any(first.networks, second.networks) and len(first.networks) > 0 and len(second.networks) > 0
    and abs(epoch(first."@timestamp" - second."@timestamp")) <= 5
), replaced as (                                   -- other bytes for a place in the stream that was already there
  select "source.ip" as client, "destination.ip" as server, "vonggac.flow.id" as flow, 'TCP ' || coalesce("network.protocol", '') as name, "event.id" as id, "@timestamp" as moment
  from anomaly where "vonggac.anomaly.name" = 'tcp-overlap-differs'
), found as (select * from doubled union all select * from replaced)
select client as machine, case when count(distinct server) = 1 then min(server) end as peer, 'target' as role, count(*) as answers, count(distinct flow) as flows, several(list(name)) as examples,
       evidence(id, moment) as events, count(*) as headline, count(distinct name) >= 3 as several_names, count(distinct flow) >= 3 as several_flows
from found
group by client
having count(distinct name) >= 2 or bool_or(name like 'TCP %')       -- one name: an answer that was late and stale
